/// Where and how a server listens.
package struct ServerConfiguration: Sendable {
    /// The address: a name or an IP address.
    package var host: String
    /// The TCP port; 0 takes a free one, which `onListening` reports.
    package var port: Int
    /// Connections that wait to be accepted.
    package var backlog: Int32 = 1_024
    package var limits = ServerLimits()
    /// How long running exchanges may take once a graceful shutdown has begun.
    package var drainTimeout: Duration = .seconds(20)
    /// The time: milliseconds since 1970.
    ///
    /// Read once for each batch of bytes, so it should cost little.
    package var wallMilliseconds: @Sendable () -> Int64

    package init(host: String, port: Int, wallMilliseconds: @escaping @Sendable () -> Int64) {
        self.host = host
        self.port = port
        self.wallMilliseconds = wallMilliseconds
    }
}
