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
import Publication
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

    /// What the edge shares with the rest of the process.
    struct Surroundings {
        var access: AccessPolicy
        var state: OriginState
        var local: LocalOrigin?
        var renders: RenderPool?
        var isReady: @Sendable () -> Bool
        var group: MultiThreadedEventLoopGroup
        var uptime: @Sendable () -> Duration
        var logger: Logger
        var node: String
        var trial: PictureTrial
        /// `nil` for an edge without settings.
        var settings: SettingsNode?
        /// What the page asks about settings; `nil` for an edge without them.
        var settingsDesk: SettingsAnswerDesk?
        /// The origin's side of settings, if it is in this process.
        var peers: PeerSettingsRoutes?
        /// Takes usage events; `nil` without that role.
        var collector: CollectorNode?
        /// Counts deliveries; `nil` where nobody wants to know.
        var deliveries: DeliveryCounter?
    }

    init(_ configuration: ServeConfiguration, _ surroundings: Surroundings) async throws {
        let edge = configuration.edge
        let node = surroundings.node
        accessThreads = NIOThreadPool(numberOfThreads: 1)
        accessThreads.start()
        let log =
            configuration.origin.logsAccess
            ? AccessLog(format: edge.accessLogFormat, threads: accessThreads, emit: LogOutput.standardError.emit) : nil
        let purgeLog = try PurgeLog.open(folder: configuration.dataFolder + "/edge")
        let board = PurgeBoard(PurgeService.table(from: purgeLog))
        disk = try await Self.disk(configuration, surroundings.logger)
        let isAlone = edge.upstream == nil && edge.peers.isEmpty
        pool = isAlone ? nil : try UpstreamPool(group: surroundings.group, limits: Self.limits(edge))
        let router = try RegionRouter(
            peers: edge.peers,
            ourselves: node,
            pool: pool,
            upstream: edge.upstream,
            timeouts: edge.timeouts,
            local: surroundings.local,
            isLocal: { KnownPath.methods(of: $0) != nil },
            nowMilliseconds: WallClockTime.milliseconds
        )
        purges = PurgeService(
            log: purgeLog,
            board: board,
            node: node,
            peers: edge.peers.filter { $0.id != node },
            pool: pool,
            token: surroundings.access.peerToken,
            nowMilliseconds: WallClockTime.milliseconds
        )
        let keeper = InvalidationKeeper(log: purgeLog, purges: purges, node: node, logger: surroundings.logger)
        parts = Self.parts(configuration, surroundings, node, disk, board, log, keeper, router)
        let instruments = EdgeInstruments(
            configuration: edge,
            parts: parts,
            purges: purges,
            pool: pool,
            router: router,
            activity: RecentActivity(parts.metrics, uptime: surroundings.uptime)
        )
        self.instruments = instruments
        let page = PageEdge(
            files: PageFiles(
                isUnsafe: surroundings.access.isUnsafe,
                hasOrigin: surroundings.local != nil,
                hasEdge: true,
                hasUsage: surroundings.collector != nil
            ),
            access: surroundings.access,
            desk: PurgeDesk(purges: purges),
            settings: surroundings.settingsDesk.map { SettingsPage(access: surroundings.access, desk: $0) }
        ) { EdgeState(instruments).json }
        let health = HealthRoutes(state: surroundings.state, isReady: surroundings.isReady)
        let hasPage = configuration.roles.contains(.console)
        service = EdgeService(parts, own: Self.own(health, purges, surroundings, hasPage ? page : nil))
    }

    private static func parts(
        _ configuration: ServeConfiguration,
        _ surroundings: Surroundings,
        _ node: String,
        _ disk: DiskTier?,
        _ board: PurgeBoard,
        _ log: AccessLog?,
        _ keeper: InvalidationKeeper,
        _ router: RegionRouter
    ) -> EdgeParts {
        let edge = configuration.edge
        let seed = UInt64.random(in: 0...UInt64.max)
        return EdgeParts(
            settings: settings(configuration, node: node),
            memory: MemoryTier(budgetBytes: edge.memoryBytes) { budget in
                AdaptiveFIFOPolicy(budget: max(1, budget), seed: UInt64.random(in: 0...UInt64.max))
            },
            disk: disk,
            board: board,
            hashSeed: seed,
            metrics: EdgeMetrics(),
            limits: EdgeLimits(client: edge.clientRate, tenant: edge.tenantRate),
            gate: AdmissionGate(limits: admission(edge)),
            naming: naming(configuration, surroundings.access),
            derivations: !edge.derives
                ? nil
                : surroundings.renders.map { pool in
                    DerivationBook(
                        pool: pool,
                        limits: configuration.origin.limits,
                        defaults: configuration.origin.defaults,
                        auditInterval: edge.auditInterval,
                        seed: seed
                    )
                },
            nowMilliseconds: WallClockTime.milliseconds,
            uptime: surroundings.uptime,
            accessLog: log,
            deliveries: surroundings.deliveries,
            trial: surroundings.trial,
            keepInvalidation: { await keeper.keep($0) },
            route: { name, path in router.origin(for: name, path: path) }
        )
    }

    private static func settings(_ configuration: ServeConfiguration, node: String) -> EdgeSettings {
        var settings = EdgeSettings(identity: CacheIdentity(node: node))
        settings.storedBytesMax = configuration.edge.storedBytesMax
        settings.leaderAge = configuration.edge.leaderAge
        settings.patience = configuration.edge.patience
        settings.followersMax = configuration.edge.followersMax
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
        _ surroundings: Surroundings,
        _ page: PageEdge?
    ) -> OwnRoutes {
        let access = surroundings.access
        let settings = surroundings.settings
        let peers = surroundings.peers
        let collector = surroundings.collector
        return OwnRoutes(
            // A node that has gone has nobody to tell.
            taking: { exchange in (try? await peers?.answer(exchange)) ?? false },
            answering: { exchange in
                switch exchange.request.path?.prefix(while: { $0 != "?" }) {
                case "/health" where isReading(exchange): return OwnAnswer(.ok, "{\"status\":\"ok\"}\n")
                case "/ready" where isReading(exchange):
                    guard let problem = health.problem else { return OwnAnswer(.ok, readyText(settings, collector)) }
                    return OwnAnswer(problem)
                case Substring(PurgeService.peerPath) where exchange.request.method == .post:
                    return await purges.receive(exchange, isPeer: access.holdsToken(exchange.request))
                case Substring(UserForgetting.peerPath) where exchange.request.method == .post && settings != nil:
                    return await settings?.forgetting.receive(
                        exchange,
                        isPeer: access.holdsToken(exchange.request)
                    )
                default:
                    if let answer = await collector?.answer(exchange) { return answer }
                    if let answer = await settings?.answer(exchange) { return answer }
                    return await page?.answer(exchange)
                }
            }
        )
    }

    private static func readyText(_ settings: SettingsNode?, _ collector: CollectorNode?) -> String {
        let state = settings.map { ",\"settings\":" + $0.stateText } ?? ""
        let usage = collector.map { ",\"usage\":" + $0.stateText } ?? ""
        return "{\"status\":\"ready\"\(state)\(usage)}\n"
    }

    private static func isReading(_ exchange: Exchange) -> Bool {
        exchange.request.method == .get || exchange.request.method == .head
    }
}
