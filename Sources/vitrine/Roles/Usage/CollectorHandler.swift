import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Origin
import Wire

/// Takes events on a public listener without an edge, and hands the other requests on.
struct CollectorHandler: RequestHandler {
    let collector: CollectorNode
    let next: any RequestHandler
    /// Where nobody else in the process answers for them: `/health` and `/ready`.
    var health: HealthRoutes?

    func handle(_ exchange: Exchange) async {
        if let answer = await answer(exchange) {
            // A client that has gone has nobody to tell.
            if let whole = answer.whole { try? await exchange.respond(answer.head, body: whole) }
            return
        }
        await next.handle(exchange)
    }

    private func answer(_ exchange: Exchange) async -> OwnAnswer? {
        if let answer = await collector.answer(exchange) { return answer }
        guard let health, exchange.request.method == .get || exchange.request.method == .head else { return nil }
        switch exchange.request.path?.prefix(while: { $0 != "?" }) {
        case "/health": return OwnAnswer(.ok, "{\"status\":\"ok\"}\n")
        case "/ready":
            if let problem = health.problem ?? full { return OwnAnswer(problem) }
            return OwnAnswer(.ok, "{\"status\":\"ready\",\"usage\":\(collector.stateText)}\n")
        default: return nil
        }
    }

    /// A node that can do nothing but collect is not ready while it cannot.
    private var full: ProblemDocument? {
        guard collector.isFull else { return nil }
        return ProblemDocument(
            "store-failed",
            status: .serviceUnavailable,
            title: "No room",
            detail: "There is no room for more usage events until some were shipped to the store.",
            retryAfterSeconds: 30
        )
    }
}
