import Console
import DeliveryTypes
import Glibc
import Hummingbird
import Logging
import Origin
import Originals
import Rendering
import ServiceLifecycle
import Telemetry
import UnixSignals

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
        let pool = try RenderPool(configuration: configuration.pool, logger: logger)
        let stores = try await StoreAssembly(configuration)
        var sources = configuration.sources
        sources.buckets = stores.sources
        let fetcher = SourceFetcher(configuration: sources)
        let state = OriginState()
        let birth = ContinuousClock().now
        let parts = OriginParts(
            settings: configuration.origin,
            access: AccessPolicy(keyring: secrets.keyring, tokens: secrets.tokens, isUnsafe: isUnsafe),
            originals: stores.originals,
            fetcher: fetcher,
            pool: pool,
            metrics: OriginMetrics(),
            state: state,
            secondsSince1970: { Int64(time(nil)) },
            uptime: { birth.duration(to: ContinuousClock().now) }
        )
        let service = OriginService(parts)
        registry.add(collector: ProcessFigures.collector)
        registry.add(collector: PoolFigures.collector(pool))
        let router = service.publicRouter()
        if configuration.roles.contains(.console) {
            PageRoutes(isUnsafe: isUnsafe, negotiated: configuration.origin.negotiated).add(to: router)
        }
        let admin = listener("admin", configuration.adminListener, service.adminRouter(registry: registry))
        let open = listener("public", configuration.listener, router)
        // Stopped in reverse: first the listeners finish their requests, then what they need goes.
        var groupConfiguration = ServiceGroupConfiguration(
            services: [
                .init(service: stores),
                .init(service: pool),
                .init(service: FetcherService(fetcher: fetcher)),
                .init(service: admin),
                .init(service: open),
                .init(service: DrainMark(state: state, logger: logger)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // A client that reads too slowly does not keep the server for ever.
        groupConfiguration.maximumGracefulShutdownDuration = configuration.shutdownGrace + .seconds(5)
        let group = ServiceGroup(configuration: groupConfiguration)
        try await group.run()
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
        _ router: Router<OriginContext>
    ) -> ListenerService {
        ListenerService(
            role: role,
            listener: listener,
            responder: router.buildResponder(),
            idleTimeout: configuration.idleTimeout,
            logger: logger
        )
    }
}
