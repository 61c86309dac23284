import HTTPTypes
import NIOCore
import ObjectStorage
import Publication
import Wire

/// An origin's store, the source that reads it, and what it offers to nodes.
struct OriginRig: RequestHandler {
    static let token = "s3cret"

    let source: StoreSource
    let routes: PeerSettingsRoutes

    /// The routes of an origin over `store`, with no pause between two polls that a test would notice.
    init(store: any ObjectStore, clock: any Clock<Duration> = ManualClock()) {
        source = StoreSource(store: store, clock: clock)
        routes = PeerSettingsRoutes(source: source, clock: clock) { request in
            request.headerFields[.authorization] == "Bearer \(OriginRig.token)"
        }
    }

    func handle(_ exchange: Exchange) async {
        // What fails here is seen by the client.
        do {
            guard try await !routes.answer(exchange) else { return }
            try await exchange.respond(HTTPResponse(status: .notImplemented), body: ByteBuffer())
        } catch {}
    }

    /// Runs the origin's source and listener.
    func run(_ test: @escaping @Sendable (Upstream) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await source.run() }
            try await Upstream.run(self) { upstream in
                try await test(upstream)
            } beforeShutdown: {
                routes.drain()
            }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }
}
