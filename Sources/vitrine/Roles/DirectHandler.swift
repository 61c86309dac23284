import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Publication
import Wire

/// Answers a listener's requests straight from the routes of this process, without a cache.
struct DirectHandler: RequestHandler {
    let origin: LocalOrigin
    /// What other nodes ask of a public listener; `nil` on the admin one.
    var peers: PeerSettingsRoutes?

    func handle(_ exchange: Exchange) async {
        // A client that has gone has nobody to tell; the server ends the connection.
        if let peers, (try? await peers.answer(exchange)) ?? true { return }
        try? await origin.fetch(exchange.request, body: ForwardedBody(exchange), into: ExchangeSink(exchange: exchange))
    }
}
