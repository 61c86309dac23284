package import HTTPTypes
package import NIOCore
package import Wire

/// One whole answer of a settings surface: a head, and a body that is there at once or comes event by event.
package struct SettingsAnswer: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// All of it, which after HEAD is not sent; empty for a 304.
        case bytes(ByteBuffer)
        /// Server-sent events (WHATWG HTML §9.2): send each piece as it comes, end the response when it ends.
        case events(EventStream)
    }

    package var head: HTTPResponse
    package var body: Body

    package init(head: HTTPResponse, body: Body) {
        self.head = head
        self.body = body
    }

    /// Bytes of the body, as far as they are known.
    package var byteCount: Int {
        if case .bytes(let bytes) = body { bytes.readableBytes } else { 0 }
    }

    /// Sends the answer; for an event stream, until its end or the client's.
    ///
    /// - Throws: `closed` or `cancelled` when the client has gone.
    package func send(on exchange: Exchange) async throws(ExchangeError) {
        switch body {
        case .bytes(let bytes): try await exchange.respond(head, body: bytes)
        case .events(let stream):
            try await exchange.respond(head)
            var pieces = stream.makeAsyncIterator()
            while let piece = await pieces.next() { try await exchange.write(piece) }
            try await exchange.finish()
        }
    }
}
