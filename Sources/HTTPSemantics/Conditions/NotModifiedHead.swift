package import HTTPTypes

/// The 304 a cache answers from a stored response (RFC 9110 section 15.4.5).
package enum NotModifiedHead {
    /// What a 304 leaves out: it describes the content that isn't sent.
    private static let left: Set<HTTPField.Name> = [
        .contentLength, .contentType, .contentEncoding, .contentLanguage, .contentRange,
    ]

    /// The head of the 304, with its age in seconds; all other stored fields are kept, the validators and `Vary`,
    /// `Cache-Control`, `Date`, `Expires` and `Content-Location` among them.
    package static func response(from head: StoredHead, ageSeconds: Int64) -> HTTPResponse {
        var fields = HTTPFields()
        for field in head.fields where !left.contains(field.name) { fields.append(field) }
        fields[.age] = String(max(0, ageSeconds))
        return HTTPResponse(status: .notModified, headerFields: fields)
    }
}
