import DeliveryTypes
import Edge
import Glibc
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ObjectStorage
import Origin
import Rendering
import ServiceLifecycle
import Telemetry
import UnixSignals
import Wire

/// The parts of `vitrine serve`, wired by hand.
struct ServerAssembly {
    let configuration: ServeConfiguration
    let registry: PrometheusRegistry
    let logger: Logger

    typealias Services = [ServiceGroupConfiguration.ServiceConfiguration]

    /// What every role shares.
    private struct Shared {
        let secrets: (keyring: SignatureKeyring, tokens: [String])
        let access: AccessPolicy
        let isUnsafe: Bool
        let peer: SettingsPeer
        let state = OriginState()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Processors.count)
        let uptime: @Sendable () -> Duration
    }

    /// The origin role, or what stands in its place.
    private struct OriginSide {
        var local: LocalOrigin?
        var renders: RenderPool?
        var store: (any ObjectStore)?
        var settings: SettingsOrigin?
        var admin: Router<OriginContext>
        var isReady: @Sendable () -> Bool = { true }
    }

    /// What the public listener answers with.
    private struct PublicSide {
        var handler: any RequestHandler
        var makeShortcut: @Sendable (any EventLoop) -> (any RequestShortcut)? = { _ in nil }
        var desk: SettingsAnswerDesk
    }

    /// Builds everything and runs it until SIGTERM or SIGINT; returns after the last request was answered.
    func run() async throws {
        let secrets = try configuration.secrets()
        let isUnsafe = configuration.isUnsafe && configuration.listener.isLoopback
        warnAboutUnsafe(isUnsafe)
        FileDescriptorLimit.raise()
        let access = AccessPolicy(keyring: secrets.keyring, tokens: secrets.tokens, isUnsafe: isUnsafe)
        let birth = ContinuousClock().now
        let shared = Shared(
            secrets: secrets,
            access: access,
            isUnsafe: isUnsafe,
            peer: SettingsPeer(access: access, tokens: secrets.tokens),
            uptime: { birth.duration(to: ContinuousClock().now) }
        )
        registry.add(collector: ProcessFigures.collector)
        var services: Services = []
        var streams: Services = []
        let origin = try await origin(shared, &services)
        if let settings = origin.settings { streams.append(.init(service: PeerStreams(peers: settings.peers))) }
        let collector = try await collector(shared, origin, &services)
        let front = try await publicSide(shared, origin, collector, &services, &streams)
        SettingsAdminRoutes(access: access, desk: front.desk).add(to: origin.admin)
        let adminHandler = DirectHandler(origin: LocalOrigin(responder: origin.admin.buildResponder(), logger: logger))
        let adminListener = listener("admin", configuration.adminListener, shared.group, adminHandler)
        let publicListener = listener(
            "public",
            configuration.listener,
            shared.group,
            front.handler,
            front.makeShortcut
        )
        registry.add(collector: ServerFigures.collector([publicListener, adminListener]))
        // Stopped in reverse: first the streams, for which the listeners would wait; then the listeners finish their
        // requests; then what they need goes.
        services += [.init(service: adminListener), .init(service: publicListener)]
        services += streams
        services.append(.init(service: DrainMark(state: shared.state, logger: logger)))
        try await run(services)
    }

    private func origin(_ shared: Shared, _ services: inout Services) async throws -> OriginSide {
        guard configuration.roles.contains(.origin) else {
            return OriginSide(
                admin: AdminRoutes(
                    access: shared.access,
                    state: shared.state,
                    registry: registry,
                    isReady: { true }
                )
                .router(
                    metrics: OriginMetrics(),
                    logsAccess: configuration.origin.logsAccess,
                    uptime: shared.uptime
                )
            )
        }
        let origin = try await OriginAssembly(
            configuration,
            shared.access,
            shared.state,
            shared.uptime,
            isUnsafe: shared.isUnsafe,
            logger
        )
        registry.add(collector: PoolFigures.collector(origin.pool))
        services += origin.services
        let settings = SettingsOrigin(
            store: origin.store,
            poll: configuration.settings.poll,
            access: shared.access,
            peer: shared.peer
        )
        services.append(.init(service: settings.source))
        return OriginSide(
            local: LocalOrigin(responder: origin.router.buildResponder(), logger: logger),
            renders: origin.pool,
            store: origin.store,
            settings: settings,
            admin: origin.service.adminRouter(registry: registry),
            isReady: { [pool = origin.pool] in pool.statistics.isReady }
        )
    }

    private func publicSide(
        _ shared: Shared,
        _ origin: OriginSide,
        _ collector: CollectorNode?,
        _ services: inout Services,
        _ streams: inout Services
    ) async throws -> PublicSide {
        guard configuration.roles.contains(.edge) else {
            return PublicSide(
                handler: withoutEdge(shared, origin, collector),
                desk: SettingsAnswerDesk(admin: origin.settings?.admin, node: nil, trial: nil)
            )
        }
        let node = configuration.edge.node ?? "node-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
        let settings = try await SettingsNode(
            SettingsNode.Surroundings(
                configuration: configuration,
                local: origin.settings?.source,
                store: origin.store,
                group: shared.group,
                peer: shared.peer,
                isUnsafe: shared.isUnsafe,
                node: node,
                logger: logger
            )
        )
        let usage = try usage(shared, settings, node, collector, &services)
        streams.append(.init(service: settings.streams))
        let trial = trial(settings, shared, &services)
        let desk = SettingsAnswerDesk(admin: origin.settings?.admin, node: settings, trial: trial)
        let edge = try await EdgeAssembly(
            configuration,
            EdgeAssembly.Surroundings(
                access: shared.access,
                state: shared.state,
                local: origin.local,
                renders: try origin.renders ?? edgePool(&services),
                isReady: origin.isReady,
                group: shared.group,
                uptime: shared.uptime,
                logger: logger,
                node: node,
                trial: trial,
                settings: settings,
                settingsDesk: desk,
                peers: origin.settings?.peers,
                collector: collector,
                deliveries: usage?.counter
            )
        )
        settings.forgetting.join(edge.purges)
        mount(edge, shared, origin, &services)
        return PublicSide(
            handler: edge.service,
            makeShortcut: { _ in HitShortcut(edge.parts, seed: UInt64.random(in: 0...UInt64.max)) },
            desk: desk
        )
    }

    /// What the edge reports of its own, with the services of settings in the order that it needs.
    private func usage(
        _ shared: Shared,
        _ settings: SettingsNode,
        _ node: String,
        _ collector: CollectorNode?,
        _ services: inout Services
    ) throws -> EdgeUsage? {
        let usage = try EdgeUsage(
            configuration.usage,
            log: settings.usage,
            node: node,
            collector: collector,
            token: shared.secrets.tokens.first { !$0.isEmpty },
            group: shared.group,
            logger: logger
        )
        services += settings.services(forwarding: usage?.forwarding ?? [])
        if let usage {
            services.append(usage.counting)
            registry.add(collector: EdgeUsageFigures.collector(usage))
        }
        return usage
    }

    /// What the public listener answers with where there is no edge.
    private func withoutEdge(
        _ shared: Shared,
        _ origin: OriginSide,
        _ collector: CollectorNode?
    ) -> any RequestHandler {
        let local = origin.local.map { DirectHandler(origin: $0, peers: origin.settings?.peers) }
        guard let collector else { return local ?? RefusingHandler() }
        guard let local else {
            let health = HealthRoutes(state: shared.state, isReady: { true })
            return CollectorHandler(collector: collector, next: RefusingHandler(), health: health)
        }
        return CollectorHandler(collector: collector, next: local)
    }

    private func collector(
        _ shared: Shared,
        _ origin: OriginSide,
        _ services: inout Services
    ) async throws -> CollectorNode? {
        guard configuration.roles.contains(.collector) else { return nil }
        let node = try await CollectorNode(
            configuration,
            store: origin.store,
            access: shared.access,
            uptime: shared.uptime,
            logger
        )
        services += node.services
        registry.add(collector: CollectorFigures.collector(node))
        registry.add(collector: UsageFigures.collector(node))
        if let ledger = node.ledger { registry.add(collector: LedgerFigures.collector(ledger)) }
        return node
    }

    private func mount(_ edge: EdgeAssembly, _ shared: Shared, _ origin: OriginSide, _ services: inout Services) {
        let instruments = edge.instruments
        registry.add(collector: EdgeFigures.collector(instruments))
        EdgeAdminRoutes(access: shared.access, desk: PurgeDesk(purges: edge.purges)) { EdgeState(instruments).json }
            .add(to: origin.admin)
        services += [
            .init(service: EdgeCleanUp(assembly: edge)), .init(service: instruments.activity),
            .init(service: edge.service),
        ]
    }

    /// What puts viewers' pictures into the arms of an experiment, if one is configured.
    private func trial(_ settings: SettingsNode, _ shared: Shared, _ services: inout Services) -> PictureTrial {
        let keyring = shared.secrets.keyring
        let trial = PictureTrial(viewerFields: [.cookie], witness: settings.witness) { keyring.signature(of: $0) }
        if let experiment = configuration.settings.pictureExperiment {
            let experiments = PictureExperiments(
                experiment: experiment,
                cookie: configuration.settings.viewerCookie,
                node: settings,
                trial: trial
            )
            services.append(.init(service: experiments))
        }
        registry.add(collector: SettingsFigures.collector(settings, trial))
        return trial
    }

    /// An edge without the origin's pool that knows the signature keys can tell pictures apart, and derive them.
    private func edgePool(_ services: inout [ServiceGroupConfiguration.ServiceConfiguration]) throws -> RenderPool? {
        guard configuration.edge.derives, !configuration.keys.isEmpty else { return nil }
        let pool = try RenderPool(configuration: configuration.pool, logger: logger)
        registry.add(collector: PoolFigures.collector(pool))
        services.append(.init(service: pool))
        return pool
    }

    private func run(_ services: [ServiceGroupConfiguration.ServiceConfiguration]) async throws {
        var groupConfiguration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // A client that reads too slowly does not keep the server for ever.
        groupConfiguration.maximumGracefulShutdownDuration = configuration.shutdownGrace + .seconds(5)
        try await ServiceGroup(configuration: groupConfiguration).run()
        logger.notice("stopped")
    }

    private func warnAboutUnsafe(_ isUnsafe: Bool) {
        if isUnsafe {
            logger.warning(
                "unsafe mode: unsigned URLs and requests without a token are accepted on this loopback listener",
                metadata: ["listen": "\(configuration.listener.host)"]
            )
        } else if configuration.isUnsafe {
            logger.warning(
                "unsafe mode is ignored: the listener is not a loopback address",
                metadata: ["listen": "\(configuration.listener.host)"]
            )
        }
    }

    private func listener(
        _ role: String,
        _ listener: ServeConfiguration.Listener,
        _ group: MultiThreadedEventLoopGroup,
        _ handler: any RequestHandler,
        _ makeShortcut: @escaping @Sendable (any EventLoop) -> (any RequestShortcut)? = { _ in nil }
    ) -> ListenerService {
        ListenerService(
            role: role,
            listener: listener,
            configuration: configuration,
            group: group,
            handler: handler,
            logger: logger,
            makeShortcut: makeShortcut
        )
    }
}
