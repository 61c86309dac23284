package import NIOCore

/// What one pool and each of its exchanges may use; all counts are at least one.
package struct UpstreamLimits: Hashable, Sendable {
    /// Connections of one target, being made, busy and idle together.
    package var connectionsPerTarget = 128
    /// Connections of all targets.
    package var connections = 1_024
    /// Requests that may wait for a connection to one target; the next one fails with `poolExhausted`.
    package var waitingPerTarget = 256
    /// Requests that may wait in all.
    package var waiting = 2_048
    /// How long a connection is kept without an exchange.
    package var idle = TimeAmount.seconds(30)
    /// Bytes of one response head, interim or final: status line, field lines and the empty line.
    package var headBytes = 64 * 1_024
    /// Field lines of one response head.
    package var headFields = 256
    /// Bytes of a trailer section.
    package var trailerBytes = 8 * 1_024
    /// Field lines of a trailer section.
    package var trailerFields = 64
    /// Interim (1xx) responses before a final one.
    package var informationalResponses = 16
    /// Body bytes that wait unread in memory before reading from the socket stops; one read more may follow.
    package var unreadBodyBytes = 256 * 1_024
    /// What is left of an abandoned body is read and dropped, to keep the connection, up to so many bytes.
    package var drainBytes = 64 * 1_024

    package init() {}
}
