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
        let pool = parts.pool
        HealthRoutes(state: parts.state, isReady: { pool.statistics.isReady }).add(to: router)
        return router
    }

    /// The admin listener's routes; the edge's may be added.
    package func adminRouter(registry: PrometheusRegistry) -> Router<OriginContext> {
        AdminRoutes(
            access: parts.access,
            state: parts.state,
            registry: registry,
            isReady: { [pool = parts.pool] in pool.statistics.isReady }
        ).router(observation: observation)
    }

    var observation: ObservationMiddleware {
        ObservationMiddleware(
            state: parts.state,
            metrics: parts.metrics,
            logsAccess: parts.settings.logsAccess,
            uptime: parts.uptime
        )
    }
}
