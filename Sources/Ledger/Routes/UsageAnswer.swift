package import HTTPTypes
package import NIOCore
package import Wire

/// One whole answer to a question about usage.
package struct UsageAnswer: Sendable {
    package var head: HTTPResponse
    /// After HEAD it is not sent.
    package var body: ByteBuffer

    /// Sends the answer.
    ///
    /// - Throws: `closed` or `cancelled` when the client has gone.
    package func send(on exchange: Exchange) async throws(ExchangeError) {
        try await exchange.respond(head, body: body)
    }
}
