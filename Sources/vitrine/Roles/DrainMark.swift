import Logging
import Origin
import ServiceLifecycle

/// Marks the server as draining the moment a graceful shutdown begins, so that `/ready` says so first.
struct DrainMark: Service {
    let state: OriginState
    let logger: Logger

    func run() async throws {
        // Ends by graceful shutdown or cancellation; either way the server goes.
        try? await gracefulShutdown()
        state.drain()
        logger.notice("draining", metadata: ["active": "\(state.activeRequests)"])
    }
}
