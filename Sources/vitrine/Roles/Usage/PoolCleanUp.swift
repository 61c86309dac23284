import ServiceLifecycle
import Wire

/// Closes a pool's connections once nobody uses it any more.
struct PoolCleanUp: Service {
    let pool: UpstreamPool

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close.
        try? await gracefulShutdown()
        await pool.shutdown()
    }
}
