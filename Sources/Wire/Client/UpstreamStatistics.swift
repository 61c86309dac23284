/// What a pool has done since it was made, and what it holds.
package struct UpstreamStatistics: Hashable, Sendable {
    /// Connections that exist, with those being made.
    package var connectionsOpen = 0
    /// Of these, those kept without an exchange.
    package var connectionsIdle = 0
    /// Requests that wait for a connection.
    package var waiting = 0
    /// Connections made with success.
    package var connectionsMade = 0
    /// Exchanges begun on a kept connection.
    package var connectionsReused = 0
    /// Exchanges asked for; a repeated request counts once.
    package var exchanges = 0
    /// Requests sent a second time.
    package var retries = 0
    /// Bytes of requests handed to the sockets, without TLS.
    package var bytesSent = 0
    /// Bytes of responses, without TLS.
    package var bytesReceived = 0
    /// Failed exchanges by `UpstreamError.detail`; those that fail in the body are counted too.
    package var failures: [String: Int] = [:]
}
