import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

/// Hands an origin's answer straight to one viewer.
final class PassSink: AnswerSink {
    private let viewer: Viewer

    /// What the answer's head means for the cache, done before the viewer sees it.
    private let onHead: @Sendable (HTTPResponse) async -> Void

    init(_ viewer: Viewer, onHead: @escaping @Sendable (HTTPResponse) async -> Void) {
        self.viewer = viewer
        self.onHead = onHead
    }

    func inform(_ response: HTTPResponse) async {
        // The viewer's own expectation is answered by the server.
        guard response.status != .continue else { return }
        // A viewer who has gone is noticed when the head is sent.
        try? await viewer.exchange.inform(response)
    }

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        await onHead(head)
        try await viewer.begin(head)
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        if viewer.request.method != .head { try await viewer.write(bytes) }
    }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) { try await viewer.finish(trailers: trailers) }
}
