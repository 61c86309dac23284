import Glibc
import Hummingbird
import Logging
import ObjectStorage
import Origin
import Originals
import Rendering
import ServiceLifecycle

/// The origin role's parts, wired by hand.
struct OriginAssembly {
    let pool: RenderPool
    let service: OriginService
    let router: Router<OriginContext>
    let store: any ObjectStore
    let services: [ServiceGroupConfiguration.ServiceConfiguration]

    init(
        _ configuration: ServeConfiguration,
        _ access: AccessPolicy,
        _ state: OriginState,
        _ uptime: @escaping @Sendable () -> Duration,
        isUnsafe: Bool,
        _ logger: Logger
    ) async throws {
        pool = try RenderPool(configuration: configuration.pool, logger: logger)
        let stores = try await StoreAssembly(configuration)
        store = stores.store
        var sources = configuration.sources
        sources.buckets = stores.sources
        let fetcher = SourceFetcher(configuration: sources)
        var settings = configuration.origin
        // The edge in front writes the line of each request.
        if configuration.roles.contains(.edge) { settings.logsAccess = false }
        let parts = OriginParts(
            settings: settings,
            access: access,
            originals: stores.originals,
            fetcher: fetcher,
            pool: pool,
            metrics: OriginMetrics(),
            state: state,
            secondsSince1970: { Int64(time(nil)) },
            uptime: uptime
        )
        service = OriginService(parts)
        router = service.publicRouter()
        // An edge answers for the page itself.
        if configuration.roles.contains(.console), !configuration.roles.contains(.edge) {
            let files = PageFiles(
                isUnsafe: isUnsafe,
                hasOrigin: true,
                hasEdge: false,
                hasUsage: configuration.roles.contains(.collector)
            )
            PageRoutes(files: files).add(to: router)
        }
        services = [
            .init(service: stores), .init(service: pool), .init(service: FetcherService(fetcher: fetcher)),
        ]
    }
}
