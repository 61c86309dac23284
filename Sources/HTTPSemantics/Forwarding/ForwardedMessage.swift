package import HTTPTypes

/// The messages a proxy passes on (RFC 9110 section 7.6).
package enum ForwardedMessage {
    /// The request to send upstream: hop-by-hop fields and `Expect` are gone, `Via`, `CDN-Loop` and
    /// `X-Forwarded-For`/`-Proto`/`-Host` are added.
    ///
    /// `clientAddress` is the numeric address of whoever connected here; `nil` leaves `X-Forwarded-For` as it is.
    package static func request(
        _ request: HTTPRequest,
        by identity: CacheIdentity,
        clientAddress: String?
    ) -> HTTPRequest {
        var result = request
        result.headerFields = HopByHop.removed(from: request.headerFields)
        result.headerFields[.expect] = nil
        append(identity.loopMember, to: .cdnLoop, in: &result.headerFields)
        append("1.1 \(identity.pseudonym)", to: .via, in: &result.headerFields)
        if let clientAddress { append(clientAddress, to: .forwardedFor, in: &result.headerFields) }
        // What a client says of itself here would be believed by origins that build links from it, and stored for all.
        result.headerFields[.forwardedProto] = request.scheme
        result.headerFields[.forwardedHost] = request.authority
        result.headerFields[.forwarded] = nil
        return result
    }

    /// A response, final or interim, to send on: hop-by-hop fields are gone, `Via` is added to final ones, and `Date`
    /// where it is missing (RFC 9110 section 6.6.1).
    package static func response(
        _ response: HTTPResponse,
        by identity: CacheIdentity,
        responseMilliseconds: Int64
    ) -> HTTPResponse {
        var result = response
        result.headerFields = HopByHop.removed(from: response.headerFields)
        guard response.status.code >= 200 else { return result }
        append("1.1 \(identity.pseudonym)", to: .via, in: &result.headerFields)
        if !result.headerFields.contains(.date) {
            result.headerFields[.date] = HTTPDate(secondsSince1970: responseMilliseconds / 1_000).fieldValue
        }
        return result
    }

    /// Takes one from the `Max-Forwards` of a TRACE or OPTIONS (RFC 9110 section 7.6.2).
    ///
    /// Returns `nil` if none is left and the request is to be answered here; other methods are returned as they are.
    package static func withOneForwardLess(_ request: HTTPRequest) -> HTTPRequest? {
        guard request.method == .trace || request.method == .options,
            let left = request.headerFields[.maxForwards].flatMap({ DeltaSeconds.parse($0) })
        else { return request }
        guard left > 0 else { return nil }
        var result = request
        result.headerFields[.maxForwards] = String(left - 1)
        return result
    }

    private static func append(_ member: String, to name: HTTPField.Name, in fields: inout HTTPFields) {
        let lines = fields[values: name]
        fields[name] = (lines.filter { !$0.isEmpty } + [member]).joined(separator: ", ")
    }
}
