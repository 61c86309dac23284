import Publication
import ServiceLifecycle

/// Ends the streams that other nodes watch settings with, before the listener stops that would wait for them.
struct PeerStreams: Service {
    let peers: PeerSettingsRoutes

    func run() async throws {
        // Ends by graceful shutdown or cancellation; both end the streams.
        try? await gracefulShutdown()
        peers.drain()
    }
}
