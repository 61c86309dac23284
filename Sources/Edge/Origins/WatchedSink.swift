import HTTPTypes
import NIOCore
import Synchronization

/// Passes an answer on and remembers whether it has begun, after which nobody else can be asked.
final class WatchedSink<Sink: AnswerSink>: AnswerSink {
    private let sink: Sink
    private let begun = Atomic<Bool>(false)

    init(_ sink: Sink) { self.sink = sink }

    var hasBegun: Bool { begun.load(ordering: .relaxed) }

    func inform(_ response: HTTPResponse) async { await sink.inform(response) }

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        begun.store(true, ordering: .relaxed)
        var head = head
        if let mark = PeerOrigin.mark { head.headerFields[mark] = "1" }
        try await sink.begin(head)
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) { try await sink.write(bytes) }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) { try await sink.end(trailers: trailers) }
}
