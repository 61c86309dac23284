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

    /// Builds everything and runs it until SIGTERM or SIGINT; returns after the last request was answered.
    func run() async throws {
        let secrets = try configuration.secrets()
        let isUnsafe = configuration.isUnsafe && configuration.listener.isLoopback
        warnAboutUnsafe(isUnsafe)
        FileDescriptorLimit.raise()
        let access = AccessPolicy(keyring: secrets.keyring, tokens: secrets.tokens, isUnsafe: isUnsafe)
        let state = OriginState()
        let birth = ContinuousClock().now
        let uptime: @Sendable () -> Duration = { birth.duration(to: ContinuousClock().now) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Processors.count)
        registry.add(collector: ProcessFigures.collector)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        var local: LocalOrigin?
        var renders: RenderPool?
        let admin: Router<OriginContext>
        var isReady: @Sendable () -> Bool = { true }
        let peer = SettingsPeer(access: access, tokens: secrets.tokens)
        var store: (any ObjectStore)?
        var settingsOrigin: SettingsOrigin?
        if configuration.roles.contains(.origin) {
            let origin = try await OriginAssembly(configuration, access, state, uptime, isUnsafe: isUnsafe, logger)
            registry.add(collector: PoolFigures.collector(origin.pool))
            services += origin.services
            renders = origin.pool
            store = origin.store
            let published = SettingsOrigin(
                store: origin.store,
                poll: configuration.settings.poll,
                access: access,
                peer: peer
            )
            services.append(.init(service: published.source))
            settingsOrigin = published
            local = LocalOrigin(responder: origin.router.buildResponder(), logger: logger)
            admin = origin.service.adminRouter(registry: registry)
            isReady = { [pool = origin.pool] in pool.statistics.isReady }
        } else {
            admin = AdminRoutes(access: access, state: state, registry: registry, isReady: { true })
                .router(metrics: OriginMetrics(), logsAccess: configuration.origin.logsAccess, uptime: uptime)
        }
        var desk = SettingsAnswerDesk(admin: settingsOrigin?.admin, node: nil, trial: nil)
        var handler: any RequestHandler =
            local.map { DirectHandler(origin: $0, peers: settingsOrigin?.peers) } ?? RefusingHandler()
        var streams: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let settingsOrigin { streams.append(.init(service: PeerStreams(peers: settingsOrigin.peers))) }
        var makeShortcut: @Sendable (any EventLoop) -> (any RequestShortcut)? = { _ in nil }
        if configuration.roles.contains(.edge) {
            let node = configuration.edge.node ?? "node-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
            let settings = try await SettingsNode(
                SettingsNode.Surroundings(
                    configuration: configuration,
                    local: settingsOrigin?.source,
                    store: store,
                    group: group,
                    peer: peer,
                    isUnsafe: isUnsafe,
                    node: node
                )
            )
            services += settings.services
            streams.append(.init(service: settings.streams))
            let trial = PictureTrial(viewerFields: [.cookie], witness: settings.witness) { [keyring = secrets.keyring] in
                keyring.sign($0)
            }
            if let experiment = configuration.settings.pictureExperiment {
                services.append(
                    .init(
                        service: PictureExperiments(
                            experiment: experiment,
                            cookie: configuration.settings.viewerCookie,
                            node: settings,
                            trial: trial
                        )
                    )
                )
            }
            registry.add(collector: SettingsFigures.collector(settings, trial))
            desk = SettingsAnswerDesk(admin: settingsOrigin?.admin, node: settings, trial: trial)
            let edge = try await EdgeAssembly(
                configuration,
                EdgeAssembly.Surroundings(
                    access: access,
                    state: state,
                    local: local,
                    renders: try renders ?? edgePool(&services),
                    isReady: isReady,
                    group: group,
                    uptime: uptime,
                    logger: logger,
                    node: node,
                    trial: trial,
                    settings: settings,
                    settingsDesk: desk,
                    peers: settingsOrigin?.peers
                )
            )
            let instruments = edge.instruments
            registry.add(collector: EdgeFigures.collector(instruments))
            EdgeAdminRoutes(access: access, desk: PurgeDesk(purges: edge.purges)) { EdgeState(instruments).json }
                .add(to: admin)
            services += [
                .init(service: EdgeCleanUp(assembly: edge)), .init(service: instruments.activity),
                .init(service: edge.service),
            ]
            handler = edge.service
            makeShortcut = { _ in HitShortcut(edge.parts, seed: UInt64.random(in: 0...UInt64.max)) }
        }
        SettingsAdminRoutes(access: access, desk: desk).add(to: admin)
        let adminHandler = DirectHandler(origin: LocalOrigin(responder: admin.buildResponder(), logger: logger))
        let adminListener = listener("admin", configuration.adminListener, group, adminHandler)
        let publicListener = listener("public", configuration.listener, group, handler, makeShortcut)
        registry.add(collector: ServerFigures.collector([publicListener, adminListener]))
        // Stopped in reverse: first the listeners finish their requests, then what they need goes.
        services += [
            .init(service: adminListener),
            .init(service: publicListener),
        ]
        // Streams end first: the listeners would wait for them.
        services += streams
        services += [
            .init(service: DrainMark(state: state, logger: logger)),
        ]
        try await run(services)
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
