/// What a server has counted since it began; sums over its event loops, taken without a lock.
package struct ServerStatistics: Sendable, Equatable {
    /// Connections that were accepted, also those refused for a limit.
    package var acceptedConnections: Int64 = 0
    /// Connections that are open.
    package var openConnections: Int64 = 0
    /// Requests that the shortcut answered.
    package var shortcutRequests: Int64 = 0
    /// Requests that the handler got.
    package var handledRequests: Int64 = 0
    /// Bytes read from clients.
    package var receivedBytes: Int64 = 0
    /// Bytes handed to the sockets.
    package var sentBytes: Int64 = 0
    /// Requests and connections that were refused, by reason.
    package var refusals: [Refusal: Int64] = [:]
    /// Connections that a timeout ended, by kind.
    package var timeouts: [TimeoutKind: Int64] = [:]

    package init() {}
}
