package import HTTPTypes

extension HTTPField {
    /// The field of a checked line; name and value as they were written.
    ///
    /// `nil` only if the line is none of these bytes.
    package init?(_ bytes: Span<UInt8>, line: FieldLine) {
        guard let name = HTTPField.Name(bytes.text(line.name)) else { return nil }
        self.init(name: name, lenientValue: line.value.map { bytes[$0] })
    }
}

extension HTTPField.Name {
    /// Whether the field must not be taken from a trailer section: framing, routing, control, authentication and
    /// content fields (RFC 9110 §6.5.1).
    package var isForbiddenInTrailers: Bool { Self.forbiddenInTrailers.contains(canonicalName) }

    private static let forbiddenInTrailers: Set<String> = [
        "age", "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-location",
        "content-range", "content-type", "cookie", "date", "expect", "expires", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "location",
        "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization", "proxy-connection", "range",
        "retry-after", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "vary", "via", "warning",
        "www-authenticate",
    ]
}
