package import NIOCore

/// How long the parts of one exchange may take.
package struct UpstreamTimeouts: Hashable, Sendable {
    /// Waiting for a free connection.
    package var queue = TimeAmount.seconds(5)
    /// Name lookup, TCP and TLS handshakes together.
    package var connect = TimeAmount.seconds(3)
    /// From the end of the request to the end of the final response head; an interim response starts it again.
    package var head = TimeAmount.seconds(30)
    /// Between two pieces of a body, of either direction; time in which the body's reader is slow does not count.
    package var stall = TimeAmount.seconds(15)
    /// How long a body waits for `100 (Continue)` when the request expects one, before it is sent anyway.
    package var continuation = TimeAmount.seconds(1)
    /// The exchange from its call to the last byte of the body; `nil` for no bound.
    package var whole: TimeAmount?

    package init() {}
}
