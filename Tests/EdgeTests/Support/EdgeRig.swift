import Caching
import Fleet
import HTTPSemantics
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Wire

@testable import Edge

/// An edge in front of a scripted origin, on a free port of the loopback, for the time of one test.
struct EdgeRig: Sendable {
    /// 2026-11-21 00:00:00 UTC: where the wall clock starts.
    static let start: Int64 = 1_795_219_200_000

    let parts: EdgeParts
    let service: EdgeService
    let origin: ScriptedOrigin
    let clock: ManualClock
    let address: SocketAddress
    let group: MultiThreadedEventLoopGroup

    /// How a test wants its edge.
    struct Options: Sendable {
        var settings = EdgeSettings(identity: CacheIdentity(node: "test"))
        var memoryBytes = 64 * 1_024 * 1_024
        var hasShortcut = true
        var limits = EdgeLimits(client: nil, tenant: nil)
        var admission = AdmissionTable.Limits(runningMax: 1_000)
        var log: AccessLog?
        var deliveries: DeliveryCounter?
        var naming: PictureNaming?
        var trial = PictureTrial()
    }

    /// Milliseconds since 1970 by the rig's clock.
    var now: Int64 { Self.milliseconds(clock) }

    private static func milliseconds(_ clock: ManualClock) -> Int64 {
        start + Int64(clock.now.offset / .milliseconds(1))
    }

    func connect() async throws -> RigClient { try await RigClient.connect(address, on: group) }

    /// One request on a connection of its own.
    func get(_ path: String, _ fields: String = "") async throws -> RigAnswer {
        let client = try await connect()
        let answer = try await client.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        await client.close()
        return answer
    }

    static func run(
        _ options: Options = Options(),
        script: @escaping ScriptedOrigin.Script,
        _ test: @escaping @Sendable (EdgeRig) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let clock = ManualClock()
        let origin = ScriptedOrigin(script)
        let parts = EdgeParts(
            settings: options.settings,
            memory: MemoryTier(budgetBytes: options.memoryBytes, shardCount: 1) { LRUPolicy(budget: $0, seed: 1) },
            disk: nil,
            board: PurgeBoard(PurgeTable()),
            hashSeed: 7,
            metrics: EdgeMetrics(),
            limits: options.limits,
            gate: AdmissionGate(limits: options.admission),
            naming: options.naming,
            derivations: nil,
            nowMilliseconds: { milliseconds(clock) },
            uptime: { clock.now.offset },
            accessLog: options.log,
            deliveries: options.deliveries,
            trial: options.trial,
            keepInvalidation: { _ in },
            route: { _, _ in origin }
        )
        let service = EdgeService(parts, own: OwnRoutes { _ in nil }, clock: clock)
        let (addresses, found) = AsyncStream.makeStream(of: SocketAddress.self)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let hasShortcut = options.hasShortcut
        let server = HTTPServer(
            configuration: ServerConfiguration(host: "127.0.0.1", port: 0) { milliseconds(clock) },
            group: group,
            handler: service,
            logger: quiet,
            makeShortcut: { _ in hasShortcut ? HitShortcut(parts, seed: 3) : nil },
            onListening: { found.yield($0) }
        )
        let services = ServiceGroup(services: [service, server], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            for await address in addresses {
                try await test(
                    EdgeRig(
                        parts: parts,
                        service: service,
                        origin: origin,
                        clock: clock,
                        address: address,
                        group: group
                    )
                )
                break
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}
