package import HTTPTypes
package import NIOCore

/// One request and its response, as an async handler sees them.
///
/// The request's head is here, its body comes through `body`, and the response goes out through `respond`, `write` and
/// `finish`, in this order. Both directions have back-pressure. How the response's body is delimited is decided here:
/// by Content-Length if the response has one, else chunked for HTTP/1.1, else by closing. Responses to HEAD and those
/// with 204 or 304 have no body; what is written to them is dropped. `Connection`, `Transfer-Encoding` and, if it is
/// missing, `Date` are the server's to write.
package struct Exchange: Sendable {
    /// The request; `authority` is the Host field's value (or the absolute target's), and Host is not a field.
    package private(set) var request: HTTPRequest
    /// Who sent it.
    package let remoteAddress: SocketAddress?
    /// Whether the client speaks HTTP/1.1, not 1.0.
    package let isVersion11: Bool
    /// When the head was complete: milliseconds since 1970.
    package let receivedMilliseconds: Int64
    /// How the request's body is delimited; `.length(0)` when there is none.
    package let framing: BodyFraming
    let link: ExchangeLink

    /// The same exchange with another request head, for whoever answers it.
    package func with(_ request: HTTPRequest) -> Exchange {
        var exchange = self
        exchange.request = request
        return exchange
    }

    /// The request's body, read at most once.
    ///
    /// `Expect: 100-continue` is answered when the first piece is asked for.
    package var body: RequestBody { RequestBody(link: link) }

    /// The request's trailer fields; there once `body` has come to its end.
    package var trailers: HTTPFields? { link.trailers }

    /// Whether the request has no body.
    package var hasNoBody: Bool { framing == .length(0) }

    /// Sends an informational response (1xx, but 101); HTTP/1.0 clients get none.
    package func inform(_ response: HTTPResponse) async throws(ExchangeError) {
        try await link.send(.informational(response))
    }

    /// Sends the head of the final response.
    package func respond(_ response: HTTPResponse) async throws(ExchangeError) {
        try await link.send(.head(response))
    }

    /// Sends a piece of the response's body; suspends while the client takes it too slowly.
    package func write(_ bytes: ByteBuffer) async throws(ExchangeError) {
        try await link.send(.data(bytes))
    }

    /// Ends the response.
    ///
    /// Trailer fields go out only where the body is chunked.
    package func finish(trailers: HTTPFields? = nil) async throws(ExchangeError) {
        try await link.send(.end(trailers))
    }

    /// Sends a whole response, with Content-Length if it has none.
    package func respond(_ response: HTTPResponse, body: ByteBuffer) async throws(ExchangeError) {
        var response = response
        let hasLength = response.headerFields[.contentLength] != nil
        if !hasLength, response.status.code >= 200, response.status != .noContent, response.status != .notModified {
            response.headerFields[.contentLength] = String(body.readableBytes)
        }
        try await link.send(.head(response))
        if body.readableBytes > 0 { try await link.send(.data(body)) }
        try await link.send(.end(nil))
    }
}
