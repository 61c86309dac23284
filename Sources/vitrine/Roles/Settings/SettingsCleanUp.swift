import Assignments
import ObjectStorage
import ServiceLifecycle
import Wire

/// Closes what settings are kept in once nobody uses it any more.
struct SettingsCleanUp: Service {
    let usage: LocalUsageLog
    let pool: UpstreamPool
    let connected: [S3ObjectStore]

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close.
        try? await gracefulShutdown()
        await usage.close()
        await pool.shutdown()
        for store in connected { await store.shutdown() }
    }
}
