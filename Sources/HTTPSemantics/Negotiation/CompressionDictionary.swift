package import HTTPTypes
import RawStructuredFieldValues

/// The fields by which client and server agree on a dictionary (RFC 9842 §2).
package enum CompressionDictionary {
    /// The digest in a request's `Available-Dictionary`: 32 bytes, the SHA-256 of the dictionary that the client has;
    /// `nil` for no line, several lines, or anything else than one byte sequence of 32 bytes (RFC 9842 §2.2).
    package static func available(_ values: [String]) -> [UInt8]? {
        guard values.count == 1, let value = values.first, value.utf8.count <= 128 else { return nil }
        var parser = StructuredFieldValueParser(Array(value.utf8))
        // Whoever sends a malformed field has no dictionary: the field is ignored (RFC 9842 §2.2, RFC 8941 §4.2).
        guard let item = try? parser.parseItemFieldValue(), case .undecodedByteSequence(let text) = item.rfc9651BareItem
        else { return nil }
        guard let bytes = Base64Text.decoded(text), bytes.count == 32 else { return nil }
        return bytes
    }

    /// The value of `Available-Dictionary` for a digest of 32 bytes: what a client sends.
    package static func availableText(_ digest: [UInt8]) -> String { ":" + Base64Text.encoded(digest) + ":" }

    /// The value of `Use-As-Dictionary` for a raw dictionary (RFC 9842 §2.1).
    ///
    /// `match` is a URL pattern without regular expressions, such as `/v1/settings/shop`; `id` is what the client sends
    /// back as `Dictionary-ID`, at most 1,024 bytes, `nil` sends none.
    ///
    /// - Precondition: both texts are printable ASCII.
    package static func useAs(match: String, id: String? = nil) -> String {
        var text = "match=" + quoted(match)
        if let id { text += ", id=" + quoted(id) }
        return text
    }

    private static func quoted(_ text: String) -> String {
        precondition(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a structured string is printable ASCII")
        var quoted = "\""
        for character in text {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}

extension HTTPField.Name {
    /// A field name known to be valid at the time of writing.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }

    /// `Available-Dictionary` (RFC 9842 §2.2).
    package static let availableDictionary = known("Available-Dictionary")
    /// `Use-As-Dictionary` (RFC 9842 §2.1).
    package static let useAsDictionary = known("Use-As-Dictionary")
    /// `Dictionary-ID` (RFC 9842 §2.3).
    package static let dictionaryID = known("Dictionary-ID")
}
