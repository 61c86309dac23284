/// What a server accepts from its clients; each limit has a test.
package struct ServerLimits: Sendable {
    /// Bytes of a request head, up to and with the empty line; more is answered with 431.
    package var headBytes = 32_768
    /// Bytes of a request line; more is answered with 414.
    package var targetBytes = 8_192
    /// Field lines of a head; more is answered with 431.
    package var fields = 100
    /// Bytes of a request body; more is answered with 413, or ends the body with `ExchangeError.bodyTooLarge`.
    package var bodyBytes: Int64 = 64 << 20
    /// Request body bytes that wait for the handler before the socket is read no more.
    package var bufferedBodyBytes = 65_536
    /// Response bytes that wait for the client before `write` suspends, and before further requests are parsed.
    package var bufferedResponseBytes = 262_144
    /// Bytes of further requests that are kept while an exchange is under way; then the socket is read no more.
    package var pipelinedBytes = 32_768
    /// Bytes of a body that nobody read which are passed over for the sake of the connection, before it is closed.
    package var drainedBytes: Int64 = 262_144

    /// Bytes discarded after the last response, so that a client that still sends a body can read why it is refused.
    package var lingerBytes: Int64 = 16 << 20

    /// From a request head's first byte to its end; then 408.
    package var headTimeout: Duration = .seconds(10)
    /// Without any request on an open connection; also until the first one.
    package var idleTimeout: Duration = .seconds(75)
    /// How long a body may take for each `bodyProgressBytes`, as long as the server reads.
    package var bodyTimeout: Duration = .seconds(20)
    /// The least that must come within `bodyTimeout`.
    package var bodyProgressBytes = 2_048
    /// How long a client may take for each `writeProgressBytes` of a response.
    package var writeTimeout: Duration = .seconds(30)
    /// The least that the client must take within `writeTimeout`.
    package var writeProgressBytes = 2_048
    /// How long an exchange may go on without a response once the client has closed its sending side.
    package var halfCloseTimeout: Duration = .seconds(5)
    /// How long the server waits for the client's end after its own, discarding what comes.
    package var lingerTimeout: Duration = .seconds(2)

    /// Open connections in all; more are answered with 503.
    package var connections = 20_000
    /// Open connections of one client address (IPv6: one /64); more are answered with 503.
    package var connectionsPerClient = 1_000

    package init() {}
}
