import HTTPTypes
import NIOCore
import Synchronization

/// Keeps a whole small answer.
final class CollectingSink: AnswerSink {
    private struct State {
        var status = 0
        var bytes = ByteBuffer()
        var isComplete = false
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// The body of a complete 200; `nil` otherwise.
    var body: ByteBuffer? { state.withLock { $0.isComplete && $0.status == 200 ? $0.bytes : nil } }

    func inform(_ response: HTTPResponse) async {}

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) { state.withLock { $0.status = head.status.code } }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        let fits = state.withLock { state in
            guard state.bytes.readableBytes + bytes.readableBytes <= bytesMax else { return false }
            state.bytes.writeImmutableBuffer(bytes)
            return true
        }
        if !fits { throw .abandoned }
    }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) { state.withLock { $0.isComplete = true } }
}
