import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Wire

/// A server on a free port of the loopback, for the time of one test.
struct LoopbackServer: RequestHandler {
    private let answer: @Sendable (Exchange) async throws -> Void

    func handle(_ exchange: Exchange) async {
        // What fails here is seen by the client.
        do { try await answer(exchange) } catch {}
    }

    static func run(
        _ answer: @escaping @Sendable (Exchange) async throws -> Void,
        _ test: @escaping @Sendable (Int, MultiThreadedEventLoopGroup) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTPServer(
            configuration: ServerConfiguration(host: "127.0.0.1", port: 0) { EdgeRig.start },
            group: group,
            handler: LoopbackServer(answer: answer),
            logger: quiet,
            onListening: { found.yield($0) }
        )
        let services = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                try await test(address.port ?? 0, group)
                break
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}
