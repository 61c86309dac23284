import HTTPTypes
package import NIOCore

/// A response body on its way in: buffers in order, as they arrive, none of them empty.
///
/// It ends only when the message is complete; anything else throws, `truncated` when the upstream went away. Reading
/// from the socket stops while `UpstreamLimits.unreadBodyBytes` wait here. It can be iterated once, by one task. When
/// that task is cancelled, or when the body and its iterator are released, what is left is dropped: a small rest is
/// drained so that the connection can be kept, else the connection is closed.
package struct UpstreamBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = UpstreamError

    let reading: BodyReading

    var trailers: HTTPFields? { reading.mailbox.trailers }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reading: reading) }

    /// Drops what has not been read.
    package func cancel() { reading.mailbox.abandon() }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let reading: BodyReading

        /// The next buffer; `nil` after a complete body, again and again.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(UpstreamError) -> ByteBuffer? {
            switch await reading.mailbox.next() {
            case .body(let part): return part
            case .end: return nil
            case .failure(let error): throw error
            case .head, .informational: preconditionFailure("a head within a body")
            }
        }
    }
}
