import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization
import Wire

/// Hands an origin's answer straight to one viewer.
final class PassSink: AnswerSink {
    private let viewer: Viewer
    private let begun = Mutex<HTTPResponse?>(nil)

    init(_ viewer: Viewer) { self.viewer = viewer }

    /// The head, once it has come.
    var head: HTTPResponse? { begun.withLock { $0 } }

    func inform(_ response: HTTPResponse) async {
        // The viewer's own expectation is answered by the server.
        guard response.status != .continue else { return }
        // A viewer who has gone is noticed when the head is sent.
        try? await viewer.exchange.inform(response)
    }

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        begun.withLock { $0 = head }
        try await viewer.begin(head)
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        if viewer.request.method != .head { try await viewer.write(bytes) }
    }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) { try await viewer.finish(trailers: trailers) }
}
