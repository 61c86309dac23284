import HTTPSemantics

/// The entity tag of a result, one for each content coding (RFC 9110 §8.8.3.3).
package enum ResultTag {
    private static let codings = ["gzip", "br", "zstd", "dcz"]

    /// The field's value for a body in that coding.
    ///
    /// `tag`: The result's tag, with quotes.
    package static func value(_ tag: String, coding: String?) -> String {
        guard let coding, tag.hasSuffix("\"") else { return tag }
        return tag.dropLast() + "-" + coding + "\""
    }

    /// Whether a client that sends `If-None-Match: value` has the result, in any coding.
    package static func isKnown(_ tag: String, to value: String?) -> Bool {
        guard let value else { return false }
        if value == tag { return true }
        let own = EntityTag(quoted: tag)
        return own.isListed(inIfNoneMatch: value)
            || codings.contains { EntityTag(own.opaque + "-" + $0).isListed(inIfNoneMatch: value) }
    }
}
