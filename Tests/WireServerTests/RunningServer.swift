import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Wire

/// A handler from a closure; what it throws ends the exchange without more.
struct ClosureHandler: RequestHandler {
    let body: @Sendable (Exchange) async throws -> Void

    func handle(_ exchange: Exchange) async {
        do { try await body(exchange) } catch {}
    }
}

/// Answers `GET /hit…` with the path, in the loop.
final class HitShortcut: RequestShortcut {
    private let body: ByteBuffer?

    init(body: ByteBuffer? = nil) { self.body = body }

    func answer(_ head: RequestHead, bytes: Span<UInt8>, on connection: ServerConnection) -> Bool {
        let path = bytes.text(head.path)
        guard head.method == .get, path.hasPrefix("/hit") else { return false }
        let body = body ?? ByteBuffer(string: path)
        var text = "HTTP/1.1 200 OK\r\nContent-Length: \(body.readableBytes)\r\n"
        switch connection.persistence {
        case .implicit: break
        case .explicit: text += "Connection: keep-alive\r\n"
        case .close: text += "Connection: close\r\n"
        }
        connection.write(ByteBuffer(string: text + "\r\n"))
        connection.write(body)
        return true
    }
}

/// A server on a free port of the loopback, for the time of one test.
struct RunningServer: Sendable {
    let server: HTTPServer
    let address: SocketAddress
    let group: MultiThreadedEventLoopGroup
    let services: ServiceGroup

    func connect(receives: Bool = true) async throws -> ClientSocket {
        try await ClientSocket.connect(address, on: group, receives: receives)
    }

    /// Begins a graceful shutdown.
    func shutDown() async { await services.triggerGracefulShutdown() }

    static func run(
        limits: ServerLimits = ServerLimits(),
        drainTimeout: Duration = .seconds(20),
        shortcutBody: ByteBuffer? = nil,
        handler: @escaping @Sendable (Exchange) async throws -> Void = { try await $0.respond(.ok, text: "handled") },
        _ test: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        // 2026-11-21 00:00:00 UTC, and it stays so.
        var configuration = ServerConfiguration(host: "127.0.0.1", port: 0) { 1_795_219_200_000 }
        configuration.limits = limits
        configuration.drainTimeout = drainTimeout
        let server = HTTPServer(
            configuration: configuration,
            group: group,
            handler: ClosureHandler(body: handler),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            makeShortcut: { _ in HitShortcut(body: shortcutBody) },
            onListening: { found.yield($0) }
        )
        let services = ServiceGroup(
            services: [server],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                try await test(RunningServer(server: server, address: address, group: group, services: services))
                break
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}

extension Exchange {
    /// A whole response with a text.
    func respond(_ status: HTTPResponse.Status, text: String) async throws {
        try await respond(HTTPResponse(status: status), body: ByteBuffer(string: text))
    }
}
