import HTTPTypes
import NIOCore
import Synchronization

@testable import Edge

/// Keeps an answer as it comes.
final class CollectingSink: AnswerSink {
    struct Collected: Sendable {
        var head: HTTPResponse?
        var body = ""
        var isEnded = false
    }

    private let state = Mutex(Collected())
    /// Opened when the head has come.
    private let begun: Latch

    init(begun: Latch = Latch()) { self.begun = begun }

    var collected: Collected { state.withLock { $0 } }

    func inform(_ response: HTTPResponse) async {}
    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        state.withLock { $0.head = head }
        begun.open()
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) { state.withLock { $0.body += String(buffer: bytes) } }
    func end(trailers: HTTPFields?) async throws(EdgeFailure) { state.withLock { $0.isEnded = true } }
}
