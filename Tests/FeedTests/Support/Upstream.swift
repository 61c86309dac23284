import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import Publication
import ServiceLifecycle
import Wire

/// A listener and a pool of connections to it.
struct Upstream: Sendable {
    let pool: UpstreamPool
    let target: UpstreamTarget

    func source(
        token: String? = OriginRig.token,
        silence: TimeAmount = .seconds(30),
        timeouts: UpstreamTimeouts = UpstreamSource.defaultTimeouts
    ) -> UpstreamSource {
        UpstreamSource(pool: pool, target: target, token: token, timeouts: timeouts, silence: silence)
    }

    /// Status and body of a request with these fields.
    func ask(
        _ path: String,
        _ fields: HTTPFields = [:],
        method: HTTPRequest.Method = .get
    ) async throws
        -> (Int, String)
    {
        let request = HTTPRequest(
            method: method,
            scheme: "http",
            authority: target.authority,
            path: path,
            headerFields: fields
        )
        let response = try await pool.exchange(request, to: target)
        var text = ""
        for try await piece in response.body { text += String(buffer: piece) }
        return (response.head.status.code, text)
    }

    static func run(
        _ handler: any RequestHandler,
        _ test: @escaping @Sendable (Upstream) async throws -> Void,
        beforeShutdown: @Sendable () -> Void = {}
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // 2026-11-21 00:00:00 UTC, and it stays so.
        var configuration = ServerConfiguration(host: "127.0.0.1", port: 0) { 1_795_219_200_000 }
        // Handlers that never end are cut off at the end of the test.
        configuration.drainTimeout = .milliseconds(100)
        let server = HTTPServer(
            configuration: configuration,
            group: group,
            handler: handler,
            logger: quiet,
            onListening: { found.yield($0) }
        )
        let pool = try UpstreamPool(group: group)
        let services = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                let target = UpstreamTarget(host: "127.0.0.1", port: address.port ?? 0)
                try await test(Upstream(pool: pool, target: target))
                break
            }
            beforeShutdown()
            await pool.shutdown()
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}
