import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SettingsDelivery
import Wire

/// A second endpoint on a free port of the loopback, and a measurement that runs against it.
struct ShadowRig: Sendable {
    let shadow: ShadowMeasurement

    private struct Handler: RequestHandler {
        let answer: @Sendable (Exchange) async throws -> Void

        func handle(_ exchange: Exchange) async {
            // What fails here is seen by the client.
            do { try await answer(exchange) } catch {}
        }
    }

    /// The report, once `isReady` says so: it changes only when a duplicate is done.
    func report(when isReady: (ShadowReport) -> Bool) async -> ShadowReport {
        while true {
            let report = shadow.report
            if isReady(report) { return report }
            await Task.yield()
        }
    }

    func trial(
        _ document: String?,
        status: Int = 200,
        fields: HTTPFields = [:],
        body: String = #"{"id":"u1"}"#
    ) -> ShadowTrial {
        ShadowTrial(
            request: HTTPRequest(
                method: .post,
                scheme: "http",
                authority: "live.test",
                path: "/v1/settings/shop?x=1",
                headerFields: fields
            ),
            body: ByteBuffer(string: body),
            liveStatus: status,
            liveLatency: .milliseconds(3),
            liveDocument: document.map { ByteBuffer(string: $0) }
        )
    }

    /// Runs a test; `isRunning` false leaves out the service, so that nothing leaves the queue.
    static func run(
        isRunning: Bool = true,
        settings change: @escaping @Sendable (inout ShadowSettings) -> Void = { _ in },
        answer: @escaping @Sendable (Exchange) async throws -> Void,
        test: @escaping @Sendable (ShadowRig) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTPServer(
            configuration: ServerConfiguration(host: "127.0.0.1", port: 0) { 1_795_219_200_000 },
            group: group,
            handler: Handler(answer: answer),
            logger: quiet,
            onListening: { found.yield($0) }
        )
        let pool = try UpstreamPool(group: group)
        let services = ServiceGroup(services: [server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                var settings = ShadowSettings(
                    target: UpstreamTarget(host: "127.0.0.1", port: address.port ?? 0),
                    share: 1
                )
                settings.patience = .seconds(60)
                change(&settings)
                let shadow = ShadowMeasurement(settings, pool: pool)
                if isRunning { tasks.addTask { await shadow.run() } }
                try await test(ShadowRig(shadow: shadow))
                break
            }
            await pool.shutdown()
            await services.triggerGracefulShutdown()
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}
