package import HTTPTypes

/// The request a cache sends upstream (RFC 9111 section 4.3.1).
///
/// Start from the client's request; hop-by-hop fields and `Via` are ``ForwardedMessage``'s.
package enum ConditionalFetch {
    private static let preconditions: [HTTPField.Name] = [
        .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange,
    ]

    /// Asks whether the stored response is still good: its validators, in place of the client's conditions and range.
    ///
    /// Always a GET. The client's own conditions are evaluated afterwards, against what is stored then. `others` are
    /// tags of other stored responses for the URI, any of which the upstream may choose by its 304.
    package static func validating(
        _ request: HTTPRequest,
        stored: StoredResponse,
        others: [String] = []
    ) -> HTTPRequest {
        var result = unconditional(request)
        result.method = .get
        if let range = stored.ownRange { result.headerFields[.range] = range }
        let tags = (stored.head.fields[values: .eTag].first.map { [$0] } ?? []) + others
        if !tags.isEmpty { result.headerFields[.ifNoneMatch] = tags.joined(separator: ", ") }
        if let line = stored.head.fields[values: .lastModified].first {
            result.headerFields[.ifModifiedSince] = line
        }
        return result
    }

    /// Asks for the whole representation, whatever the client's conditions and range: for a response that is to be
    /// stored or shared.
    package static func unconditional(_ request: HTTPRequest) -> HTTPRequest {
        var result = request
        for name in preconditions { result.headerFields[name] = nil }
        result.headerFields[.range] = nil
        return result
    }

    /// Asks for the range the client wants, without its validation conditions: for a 206 that may be stored.
    package static func ranged(_ request: HTTPRequest) -> HTTPRequest {
        var result = request
        result.headerFields[.ifNoneMatch] = nil
        result.headerFields[.ifModifiedSince] = nil
        return result
    }
}
