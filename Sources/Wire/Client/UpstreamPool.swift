package import HTTPTypes
package import NIOCore
package import NIOPosix
package import NIOSSL

/// Talks HTTP/1.1 to any origin, peer or other Vitrine over bounded, kept connections.
///
/// An exchange costs one socket write and a few task wake-ups; the bytes of a body are never copied except to join
/// small parts. A response is delivered as complete only when its framing says so (RFC 9112 §6.3); whatever is
/// doubtful closes its connection. A request on a kept connection that dies before any byte of a response is repeated
/// once, on a new connection, if its method is idempotent and its body not streamed. All failures are `UpstreamError`.
/// Call `shutdown()` before the event loops end.
package final class UpstreamPool: Sendable {
    package let limits: UpstreamLimits

    /// A pool without connections.
    ///
    /// - Parameters:
    ///   - tls: for targets with TLS; `nil` for the system's trusted authorities and full verification.
    ///   - resolver: looks names up; `nil` for the system's.
    /// - Throws: An `NIOSSLError` when the TLS configuration can't be used.
    package init(
        group: any EventLoopGroup,
        limits: UpstreamLimits = UpstreamLimits(),
        tls: TLSConfiguration? = nil,
        resolver: (any Resolver & Sendable)? = nil
    ) throws {
        self.limits = limits
    }

    /// Sends a request and returns when the head of the final response has arrived.
    ///
    /// The request line comes from method and path (origin form, or `*`), `Host` from the authority (without one, from
    /// the target). The fields are sent in their order, but framing is the pool's: `Content-Length`,
    /// `Transfer-Encoding` and `Host` among them are left out and written anew from `body`. Hop-by-hop fields are for
    /// the caller to remove; `Connection: close` is respected. With `Expect: 100-continue` the body waits for 100 or
    /// `timeouts.continuation`.
    ///
    /// - Parameter onInformational: receives each interim (1xx) response in order, before the head is returned.
    /// - Throws: An `UpstreamError`; `cancelled` when the task is.
    package func exchange(
        _ request: HTTPRequest,
        body: UpstreamRequestBody? = nil,
        to target: UpstreamTarget,
        timeouts: UpstreamTimeouts = UpstreamTimeouts(),
        onInformational: (@Sendable (HTTPResponse) async -> Void)? = nil
    ) async throws(UpstreamError) -> UpstreamResponse {
        throw .shutDown
    }

    /// Figures since the pool was made.
    package var statistics: UpstreamStatistics { UpstreamStatistics() }

    /// Closes every connection and waits for it; exchanges under way and later ones fail.
    package func shutdown() async {}
}
