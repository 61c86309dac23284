import Caching
import NIOPosix
import ServiceLifecycle
import Wire

/// Keeps what the edge needs until the listeners have finished, then lets go of it in order.
struct EdgeCleanUp: Service {
    let assembly: EdgeAssembly

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both let go.
        try? await gracefulShutdown()
        await assembly.pool?.shutdown()
        await assembly.disk?.flush()
        await assembly.disk?.shutdown()
        try await assembly.accessThreads.shutdownGracefully()
    }
}
