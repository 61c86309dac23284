package import HTTPTypes

/// Whether a request says that its body is JSON.
package enum MediaTypeCheck {
    /// Accepts `application/json` and `application/…+json` in UTF-8, and requests that do not say (RFC 9110 §8.3).
    ///
    /// - Throws: `mediaType` or `contentCoding`.
    package static func check(_ fields: HTTPFields) throws(SettingsProblem) {
        if let coding = fields[.contentEncoding]?.lowercased(), coding != "identity", !coding.isEmpty {
            throw .contentCoding(coding)
        }
        guard let value = fields[.contentType] else { return }
        let parts = value.split(separator: ";")
        let type = parts.first.map { trimmed($0) } ?? ""
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            throw .mediaType(value)
        }
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, trimmed(pair[0]) == "charset" else { continue }
            let charset = trimmed(pair[1]).filter { $0 != "\"" }
            guard charset == "utf-8" || charset == "utf8" || charset == "us-ascii" else { throw .mediaType(value) }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            .lowercased()
    }
}
