import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

/// Answers a listener's requests straight from the routes of this process, without a cache.
struct DirectHandler: RequestHandler {
    let origin: LocalOrigin

    func handle(_ exchange: Exchange) async {
        // A client that has gone has nobody to tell; the server ends the connection.
        try? await origin.fetch(exchange.request, body: ForwardedBody(exchange), into: ExchangeSink(exchange: exchange))
    }
}
