import Console
import DeliveryTypes
import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
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
        let originals = try await OriginalsAssembly(configuration: configuration).open()
        let fetcher = SourceFetcher(configuration: configuration.sources)
        let state = OriginState()
        let birth = ContinuousClock().now
        let parts = OriginParts(
            settings: configuration.origin,
            access: AccessPolicy(keyring: secrets.keyring, tokens: secrets.tokens, isUnsafe: isUnsafe),
            originals: originals,
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
        let listeners = [
            application(service.adminRouter(registry: registry), configuration.adminListener, role: "admin"),
            application(router, configuration.listener, role: "public"),
        ]
        // Stopped in reverse: first the listeners finish their requests, then what they need goes.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: pool),
                    .init(service: FetcherService(fetcher: fetcher)),
                    .init(service: listeners[0]),
                    .init(service: listeners[1]),
                    .init(service: DrainMark(state: state, logger: logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
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

    private func application(
        _ router: Router<OriginContext>,
        _ listener: ServeConfiguration.Listener,
        role: String
    ) -> Application<RouterResponder<OriginContext>> {
        let logger = logger
        let idle = TimeAmount.nanoseconds(configuration.idleTimeout.components.seconds * 1_000_000_000)
        return Application(
            responder: router.buildResponder(),
            server: .http1(configuration: .init(idleTimeout: idle)),
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port),
                serverName: "vitrine"
            ),
            onServerRunning: { channel in
                let address = channel.localAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
                logger.notice("listening", metadata: ["role": "\(role)", "address": "\(address)"])
            },
            logger: logger
        )
    }
}
