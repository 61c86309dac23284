import NIOCore
import NIOHTTP1
import NIOPosix
import ObjectStorage
import Synchronization

/// An S3 service that gives the answers of a list, one for each request, and remembers the requests.
struct ScriptedService: Sendable {
    struct Request: Sendable {
        let method: HTTPMethod
        let uri: String
        let headers: HTTPHeaders
        let body: ByteBuffer
    }

    enum Answer: Sendable {
        case status(Int, fields: [String: String] = [:], body: String = "")
        /// Closes the connection without an answer.
        case nothing
        /// Declares more bytes than it sends, and closes.
        case cut(body: String, declared: Int)
        /// Depends on the requests so far.
        case reply(@Sendable ([Request]) -> Answer)
    }

    final class Log: Sendable {
        private let state: Mutex<(requests: [Request], answers: [Answer])>

        init(_ answers: [Answer]) {
            state = Mutex(([], answers))
        }

        var requests: [Request] { state.withLock { $0.requests } }

        /// The answer to a request; 500 when the list has ended.
        func answer(_ request: Request) -> Answer {
            state.withLock { state in
                state.requests.append(request)
                guard !state.answers.isEmpty else { return .status(500) }
                let answer = state.answers.removeFirst()
                if case .reply(let make) = answer { return make(state.requests) }
                return answer
            }
        }
    }

    private let log: Log

    var requests: [Request] { log.requests }

    /// Runs `body` with a store that talks to the service.
    static func run(
        _ answers: [Answer],
        _ change: (inout S3Configuration) -> Void = { _ in },
        _ body: (S3ObjectStore, ScriptedService) async throws -> Void
    ) async throws {
        let log = Log(answers)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.configureHTTPServerPipeline()
                    try child.pipeline.syncOperations.addHandler(Player(log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var configuration = try S3Configuration(
            bucket: "pictures",
            prefix: "base",
            endpoint: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)",
            credentials: S3Credentials(accessKey: "key", secretKey: "secret")
        )
        configuration.retries.delay = .milliseconds(1)
        change(&configuration)
        do {
            try await S3Service.withStore(configuration) { store in
                try await body(store, ScriptedService(log: log))
            }
            try await channel.close()
        } catch {
            try await channel.close()
            throw error
        }
    }

    private final class Player: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        init(log: Log) {
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body.clear()
            case .body(var piece): body.writeBuffer(&piece)
            case .end:
                guard let head else { return }
                let request = Request(method: head.method, uri: head.uri, headers: head.headers, body: body)
                write(log.answer(request), context)
            }
        }

        private func write(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .nothing, .reply: context.close(promise: nil)
            case .status(let status, let fields, let text):
                send(status, fields.merging(["content-length": "\(text.utf8.count)"]) { own, _ in own }, text, context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .cut(let text, let declared):
                send(200, ["content-length": "\(declared)"], text, context)
                context.flush()
                context.close(promise: nil)
            }
        }

        private func send(_ status: Int, _ fields: [String: String], _ text: String, _ context: ChannelHandlerContext) {
            let headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
    }
}
