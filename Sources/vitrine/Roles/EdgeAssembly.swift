import Caching
import DeliveryTypes
import Edge
import Fleet
import HTTPSemantics
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import Origin
import Rendering
import ServiceLifecycle
import Telemetry
import Wire

/// The edge role's parts, wired by hand.
struct EdgeAssembly {
    let service: EdgeService
    let parts: EdgeParts
    let purges: PurgeService
    let pool: UpstreamPool?
    let disk: DiskTier?
    let accessThreads: NIOThreadPool
    let instruments: EdgeInstruments

    init(
        _ configuration: ServeConfiguration,
        access: AccessPolicy,
        state: OriginState,
        local: LocalOrigin?,
        renders: RenderPool?,
        isReady: @escaping @Sendable () -> Bool,
        group: MultiThreadedEventLoopGroup,
        uptime: @escaping @Sendable () -> Duration,
        logger: Logger
    ) async throws {
        let edge = configuration.edge
        let node = edge.node ?? "node-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
        let settings = Self.settings(configuration, node: node)
        accessThreads = NIOThreadPool(numberOfThreads: 1)
        accessThreads.start()
        let log =
            configuration.origin.logsAccess
            ? AccessLog(format: edge.accessLogFormat, threads: accessThreads, emit: LogOutput.standardError.emit) : nil
        let purgeLog = try PurgeLog.open(folder: configuration.dataFolder + "/edge")
        let board = PurgeBoard(PurgeService.table(from: purgeLog))
        disk = try await Self.disk(configuration, logger)
        let seed = UInt64.random(in: 0...UInt64.max)
        let isAlone = edge.upstream == nil && edge.peers.isEmpty
        let pool = isAlone ? nil : try UpstreamPool(group: group, limits: Self.limits(edge))
        self.pool = pool
        let router = try RegionRouter(
            peers: edge.peers,
            ourselves: node,
            pool: pool,
            upstream: edge.upstream,
            timeouts: edge.timeouts,
            local: local,
            isLocal: { KnownPath.methods(of: $0) != nil },
            nowMilliseconds: WallClockTime.milliseconds
        )
        let metrics = EdgeMetrics()
        parts = EdgeParts(
            settings: settings,
            memory: MemoryTier(budgetBytes: edge.memoryBytes) { budget in
                AdaptiveFIFOPolicy(budget: max(1, budget), seed: UInt64.random(in: 0...UInt64.max))
            },
            disk: disk,
            board: board,
            hashSeed: seed,
            metrics: metrics,
            limits: EdgeLimits(client: edge.clientRate, tenant: edge.tenantRate),
            gate: AdmissionGate(limits: Self.admission(edge)),
            naming: Self.naming(configuration, access),
            derivations: edge.derives
                ? renders.map { pool in
                    DerivationBook(
                        pool: pool,
                        limits: configuration.origin.limits,
                        defaults: configuration.origin.defaults,
                        auditInterval: edge.auditInterval,
                        seed: seed
                    )
                } : nil,
            nowMilliseconds: WallClockTime.milliseconds,
            uptime: uptime,
            accessLog: log,
            keepInvalidation: { url in
                let now = UInt64(max(0, WallClockTime.milliseconds())) * 1_000
                let record = PurgeRecord(
                    sequence: max(now, board.sequence),
                    scope: .url(url),
                    mode: .hard,
                    author: "invalidated by a request",
                    node: node
                )
                do throws(EdgeFailure) {
                    try await purgeLog.append(record)
                } catch {
                    logger.error("an invalidation could not be kept", metadata: ["error": "\(error)"])
                }
            },
            route: { name, path in router.origin(for: name, path: path) }
        )
        purges = PurgeService(
            log: purgeLog,
            board: board,
            node: node,
            peers: edge.peers.filter { $0.id != node },
            pool: pool,
            token: access.peerToken,
            nowMilliseconds: WallClockTime.milliseconds
        )
        let health = HealthRoutes(state: state, isReady: isReady)
        let instruments = EdgeInstruments(
            configuration: edge,
            parts: parts,
            purges: purges,
            pool: pool,
            router: router,
            activity: RecentActivity(metrics, uptime: uptime)
        )
        self.instruments = instruments
        let page = PageEdge(
            files: PageFiles(isUnsafe: access.isUnsafe, hasOrigin: local != nil, hasEdge: true),
            access: access,
            desk: PurgeDesk(purges: purges)
        ) { EdgeState(instruments).json }
        let hasPage = configuration.roles.contains(.console)
        service = EdgeService(parts, own: Self.own(health, purges, access, hasPage ? page : nil))
    }

    private static func settings(_ configuration: ServeConfiguration, node: String) -> EdgeSettings {
        var settings = EdgeSettings(identity: CacheIdentity(node: node))
        settings.storedBytesMax = configuration.edge.storedBytesMax
        settings.leaderAge = configuration.edge.leaderAge
        settings.patience = configuration.edge.patience
        settings.followersMax = configuration.edge.followersMax
        settings.logsAccess = configuration.origin.logsAccess
        settings.defaultAuthority = "\(configuration.listener.host):\(configuration.listener.port)"
        return settings
    }

    private static func limits(_ edge: EdgeConfiguration) -> UpstreamLimits {
        var limits = UpstreamLimits()
        limits.connectionsPerTarget = edge.upstreamConnections
        return limits
    }

    private static func admission(_ edge: EdgeConfiguration) -> AdmissionTable.Limits {
        AdmissionTable.Limits(
            runningMax: edge.concurrency,
            waitingMax: edge.queue,
            waitingPerTenantMax: max(1, edge.queue)
        )
    }

    private static func naming(_ configuration: ServeConfiguration, _ access: AccessPolicy) -> PictureNaming {
        let origin = configuration.origin
        return PictureNaming(
            negotiation: Negotiation(
                formats: origin.negotiated,
                usesClientHints: origin.followsClientHints,
                usesSaveData: origin.followsClientHints
            ),
            defaults: origin.defaults,
            presets: origin.presets,
            watermark: origin.watermark
        ) { signature, signed, request in
            do throws(ProblemDocument) {
                try access.requireSignature(signature, over: signed, request: request)
                return true
            } catch {
                // The origin answers it.
                return false
            }
        }
    }

    private static func disk(_ configuration: ServeConfiguration, _ logger: Logger) async throws -> DiskTier? {
        guard configuration.edge.diskBytes > 0 else { return nil }
        let settings = DiskTierSettings(
            folder: configuration.dataFolder + "/cache",
            budgetBytes: configuration.edge.diskBytes
        )
        do throws(DiskTierError) {
            return try await DiskTier.open(settings)
        } catch {
            throw CommandFailure(message: "\(error); choose another folder with --data, or --disk-cache 0")
        }
    }

    /// Health and readiness, which wait for nobody, what peers tell each other, and the page.
    private static func own(
        _ health: HealthRoutes,
        _ purges: PurgeService,
        _ access: AccessPolicy,
        _ page: PageEdge?
    ) -> OwnRoutes {
        OwnRoutes { exchange in
            switch exchange.request.path?.prefix(while: { $0 != "?" }) {
            case "/health" where isReading(exchange): return OwnAnswer(.ok, "{\"status\":\"ok\"}\n")
            case "/ready" where isReading(exchange):
                guard let problem = health.problem else { return OwnAnswer(.ok, "{\"status\":\"ready\"}\n") }
                return OwnAnswer(problem)
            case Substring(PurgeService.peerPath) where exchange.request.method == .post:
                return await purges.receive(exchange, isPeer: access.holdsToken(exchange.request))
            default: return await page?.answer(exchange)
            }
        }
    }

    private static func isReading(_ exchange: Exchange) -> Bool {
        exchange.request.method == .get || exchange.request.method == .head
    }
}
