/// A media type as a field has it (RFC 9110 §8.3.1).
struct MediaType: Equatable {
    /// Type and subtype, in lower case.
    let essence: String
    /// The value of `charset`, in lower case and without quotes; `nil` without one.
    let charset: String?

    init(_ value: String) {
        let parts = value.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        essence = parts[0]
        charset =
            parts.dropFirst().lazy.compactMap { part in
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, pair[0] == "charset" else { return nil }
                return pair[1].filter { $0 != "\"" }
            }.first
    }

    /// Whether its texts are UTF-8, as all JSON is.
    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            .lowercased()
    }
}
