import HTTPTypes
import NIOCore
import Synchronization

@testable import Edge

/// An origin in memory that answers as a test says, and remembers what it was asked.
final class ScriptedOrigin: OriginConnector {
    /// Gets the request, its number from 1 on, and where the answer goes.
    typealias Script = @Sendable (HTTPRequest, Int, any AnswerSink) async throws(EdgeFailure) -> Void

    private struct State {
        var requests: [HTTPRequest] = []
        var ended = 0
    }

    private let state = Mutex(State())
    private let script: Script

    init(_ script: @escaping Script) { self.script = script }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var count: Int { state.withLock { $0.requests.count } }
    /// Fetches that are over, well or not.
    var ended: Int { state.withLock { $0.ended } }

    func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure) {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count
        }
        defer { state.withLock { $0.ended += 1 } }
        try await script(request, number, sink)
    }
}

extension AnswerSink {
    /// A whole answer.
    func answer(_ code: Int = 200, _ fields: HTTPFields, _ body: String) async throws(EdgeFailure) {
        try await begin(HTTPResponse(status: .init(code: code), headerFields: fields))
        if !body.isEmpty { try await write(ByteBuffer(string: body)) }
        try await end(trailers: nil)
    }
}
