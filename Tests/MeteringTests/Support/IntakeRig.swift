import HTTPSemantics
import HTTPTypes
import Logging
import Metering
import NIOCore
import NIOPosix
import ServiceLifecycle
import Wire

/// The routes behind a real server on a free port of the loopback, for the time of one test.
struct IntakeRig: Sendable {
    static let token = "rig-token"

    let routes: EventRoutes
    let pool: UpstreamPool
    let target: UpstreamTarget

    private struct Handler: RequestHandler {
        let routes: EventRoutes

        func handle(_ exchange: Exchange) async {
            do {
                if let answer = await routes.answer(exchange) {
                    try await exchange.respond(answer.head, body: answer.body)
                } else {
                    try await exchange.respond(HTTPResponse(status: 418), body: ByteBuffer())
                }
            } catch {
                // The client has gone.
            }
        }
    }

    struct Reply: Sendable {
        let status: Int
        let fields: HTTPFields
        let text: String
    }

    static func run(
        _ sink: ScriptedSink,
        limits: EventLimits = EventLimits(),
        _ test: @escaping @Sendable (IntakeRig) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let routes = EventRoutes(
            EventParts(
                sink: sink,
                limits: limits,
                received: ReceivedClock { Sample.received },
                uptime: { .zero },
                denial: { request in
                    guard request.headerFields[.authorization] != "Bearer \(token)" else { return nil }
                    return ProblemDocument("token-required", status: .unauthorized, title: "Token", detail: "None.")
                }
            )
        )
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = ServerConfiguration(host: "127.0.0.1", port: 0) { Sample.received / 1_000 }
        configuration.drainTimeout = .milliseconds(100)
        let server = HTTPServer(
            configuration: configuration,
            group: group,
            handler: Handler(routes: routes),
            logger: quiet,
            onListening: { found.yield($0) }
        )
        let pool = try UpstreamPool(group: group)
        let services = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                let target = UpstreamTarget(host: "127.0.0.1", port: address.port ?? 0)
                try await test(IntakeRig(routes: routes, pool: pool, target: target))
                break
            }
            sink.release()
            await pool.shutdown()
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    /// Sends a body, with the token unless `fields` have another.
    func send(
        _ body: [UInt8],
        as type: String? = "application/cloudevents+json",
        _ fields: HTTPFields = [:],
        method: HTTPRequest.Method = .post,
        path: String = EventRoutes.path
    ) async throws -> Reply {
        var fields = fields
        if fields[.authorization] == nil { fields[.authorization] = "Bearer \(Self.token)" }
        fields[.contentType] = type
        let response = try await pool.exchange(
            HTTPRequest(method: method, scheme: "http", authority: target.authority, path: path, headerFields: fields),
            body: body.isEmpty ? nil : .bytes(ByteBuffer(bytes: body)),
            to: target
        )
        var text = ""
        for try await piece in response.body { text += String(buffer: piece) }
        return Reply(status: response.head.status.code, fields: response.head.headerFields, text: text)
    }

    func send(
        _ body: String,
        as type: String = "application/cloudevents+json",
        path: String = EventRoutes.path
    )
        async throws -> Reply
    {
        try await send(Array(body.utf8), as: type, path: path)
    }
}
