import HTTPSemantics
import HTTPTypes
package import Hummingbird
import NIOCore
import Rendering
package import Telemetry

/// The origin role: uploads, originals and renditions over HTTP.
///
/// **Promises.** Every answer is a delivery or a problem document (RFC 9457); a request that fails leaves nothing
/// half-stored; pictures are decoded in worker processes only. **Costs.** A rendition costs what the worker needs plus
/// well under a millisecond here. **May fail** with what `OriginFailure` lists.
package struct OriginService: Sendable {
    private let parts: OriginParts

    package init(_ parts: OriginParts) { self.parts = parts }

    /// The public listener's routes; others (the page) may be added to the returned router.
    package func publicRouter() -> Router<OriginContext> {
        let router = Router(context: OriginContext.self)
        router.add(middleware: observation)
        let renditions = RenditionService(parts)
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/img/**", method: method) { request, _ in try await renditions.deliver(request) }
            router.on("/info/**", method: method) { request, _ in try await renditions.inform(request) }
        }
        OriginalRoutes(parts).add(to: router)
        SignRoutes(parts).add(to: router)
        addHealth(to: router)
        return router
    }

    /// The admin listener's routes.
    package func adminRouter(registry: PrometheusRegistry) -> Router<OriginContext> {
        let router = Router(context: OriginContext.self)
        router.add(middleware: observation)
        addHealth(to: router)
        router.get("/metrics") { _, _ in
            let text = registry.exposition()
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes))
            )
        }
        router.post("/admin/drain") { request, _ in
            try parts.access.requireOperator(request.head)
            parts.state.drain()
            return JSONAnswer.response("{\"draining\":true,\"active\":\(parts.state.activeRequests)}\n")
        }
        return router
    }

    private var observation: ObservationMiddleware {
        ObservationMiddleware(
            state: parts.state,
            metrics: parts.metrics,
            logsAccess: parts.settings.logsAccess,
            uptime: parts.uptime
        )
    }

    private func addHealth(to router: Router<OriginContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/health", method: method) { _, _ in JSONAnswer.response("{\"status\":\"ok\"}\n") }
            router.on("/ready", method: method) { _, _ in
                if parts.state.isDraining {
                    throw ProblemDocument(
                        "draining",
                        status: .serviceUnavailable,
                        title: "Draining",
                        detail: "The server finishes what it has and takes nothing new."
                    )
                }
                guard parts.pool.statistics.isReady else {
                    throw ProblemDocument(
                        "starting",
                        status: .serviceUnavailable,
                        title: "Starting",
                        detail: "No render worker is ready yet.",
                        retryAfterSeconds: 1
                    )
                }
                return JSONAnswer.response("{\"status\":\"ready\"}\n")
            }
        }
    }
}
