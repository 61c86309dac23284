import Ledger
import ServiceLifecycle

/// Closes the service database once nobody uses it any more.
struct LedgerCleanUp: Service {
    let database: any ServiceDatabase

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both close.
        try? await gracefulShutdown()
        await database.close()
    }
}
