import ObjectStorage
import ServiceLifecycle

/// Closes a store's connections once nobody uses it any more.
struct StoreCleanUp: Service {
    let store: S3ObjectStore

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close.
        try? await gracefulShutdown()
        await store.shutdown()
    }
}
