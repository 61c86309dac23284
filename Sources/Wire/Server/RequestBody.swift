package import NIOCore

/// A request's body as it comes from the client, piece by piece, without a copy.
///
/// The socket is not read further than `ServerLimits.bufferedBodyBytes` ahead of the reader. There is one body and so
/// one reader: all iterators take from the same stream.
package struct RequestBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = ExchangeError

    let link: ExchangeLink

    /// Takes the pieces; `nil` at the end of the body.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let link: ExchangeLink

        package mutating func next() async throws -> ByteBuffer? {
            try await link.nextPiece()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ExchangeError) -> ByteBuffer? {
            try await link.nextPiece()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(link: link) }

    /// The whole body in one piece.
    ///
    /// Throws `.bodyTooLarge` when it has more bytes than `maxBytes`.
    package func collect(upTo maxBytes: Int) async throws(ExchangeError) -> ByteBuffer {
        var whole = ByteBuffer()
        while var piece = try await link.nextPiece() {
            guard whole.readableBytes + piece.readableBytes <= maxBytes else { throw .bodyTooLarge }
            if whole.readableBytes == 0 { whole = piece } else { whole.writeBuffer(&piece) }
        }
        return whole
    }
}
