import Originals
import ServiceLifecycle

/// Keeps the source fetcher's connections until the listeners have finished.
struct FetcherService: Service {
    let fetcher: SourceFetcher

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close the connections.
        try? await gracefulShutdown()
        await fetcher.shutdown()
    }
}
