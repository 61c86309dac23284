import HTTPSemantics
import HTTPTypes
package import Hummingbird
import NIOCore
package import Telemetry

/// What every node's admin listener has: health, metrics, draining.
package struct AdminRoutes: Sendable {
    package let access: AccessPolicy
    package let state: OriginState
    package let registry: PrometheusRegistry
    package let isReady: @Sendable () -> Bool

    package init(
        access: AccessPolicy,
        state: OriginState,
        registry: PrometheusRegistry,
        isReady: @escaping @Sendable () -> Bool
    ) {
        self.access = access
        self.state = state
        self.registry = registry
        self.isReady = isReady
    }

    /// A router with these routes, for a node that has no other.
    package func router(
        metrics: OriginMetrics,
        logsAccess: Bool,
        uptime: @escaping @Sendable () -> Duration
    )
        -> Router<OriginContext>
    {
        router(
            observation: ObservationMiddleware(state: state, metrics: metrics, logsAccess: logsAccess, uptime: uptime)
        )
    }

    func router(observation: ObservationMiddleware) -> Router<OriginContext> {
        let router = Router(context: OriginContext.self)
        router.add(middleware: observation)
        HealthRoutes(state: state, isReady: isReady).add(to: router)
        router.get("/metrics") { _, _ in
            let text = registry.exposition()
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes))
            )
        }
        router.post("/admin/drain") { request, _ in
            try access.requireOperator(request.head)
            state.drain()
            return JSONAnswer.response("{\"draining\":true,\"active\":\(state.activeRequests)}\n")
        }
        return router
    }
}
