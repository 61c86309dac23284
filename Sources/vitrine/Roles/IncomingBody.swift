import Hummingbird
import NIOCore
import Wire

/// A request's content as the routes read it; a connection that breaks looks to them as it always has.
struct IncomingBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let content: Wire.RequestBody

    struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: Wire.RequestBody.AsyncIterator

        mutating func next() async throws -> ByteBuffer? {
            do throws(ExchangeError) {
                return try await pieces.next(isolation: nil)
            } catch {
                switch error {
                case .bodyTooLarge: throw NIOTooManyBytesError(maxBytes: 0)
                case .closed, .cancelled, .truncated, .bodyTimeout, .malformed, .misuse: throw ChannelError.inputClosed
                }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: content.makeAsyncIterator()) }
}
