package import HTTPTypes

/// A final response whose head has arrived.
package struct UpstreamResponse: Sendable {
    /// Status and fields as received, in order, one for each field line; Content-Length at most once.
    ///
    /// Hop-by-hop fields are among them: the caller removes them.
    package let head: HTTPResponse
    /// How the end of the body is known; `length(0)` when there is none.
    ///
    /// That a body which ends with its connection (`untilClose`) is complete can't be known: a cache may refuse it.
    package let framing: BodyFraming
    /// The body; empty for HEAD, 204 and 304.
    ///
    /// The connection is busy until the body has arrived or is released.
    package let body: UpstreamBody
    /// Whether the connection had served an exchange before.
    package let isReusedConnection: Bool
    /// Whether the request was sent a second time, because a kept connection had died.
    package let isRetried: Bool

    /// Trailer fields; `nil` until the body has been read to its end, or when there are none.
    package var trailers: HTTPFields? { body.trailers }
}
