package import HTTPSemantics
import HTTPTypes
package import Hummingbird

/// `/health` and `/ready`.
package struct HealthRoutes: Sendable {
    package let state: OriginState
    /// Whether the parts that answers need have started.
    package let isReady: @Sendable () -> Bool

    package init(state: OriginState, isReady: @escaping @Sendable () -> Bool) {
        self.state = state
        self.isReady = isReady
    }

    package func add(to router: Router<OriginContext>) {
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/health", method: method) { _, _ in JSONAnswer.response("{\"status\":\"ok\"}\n") }
            router.on("/ready", method: method) { _, _ in
                if let problem { throw problem }
                return JSONAnswer.response("{\"status\":\"ready\"}\n")
            }
        }
    }

    /// Why the server is not ready; `nil` when it is.
    package var problem: ProblemDocument? {
        if state.isDraining {
            return ProblemDocument(
                "draining",
                status: .serviceUnavailable,
                title: "Draining",
                detail: "The server finishes what it has and takes nothing new."
            )
        }
        if isReady() { return nil }
        return ProblemDocument(
            "starting",
            status: .serviceUnavailable,
            title: "Starting",
            detail: "No render worker is ready yet.",
            retryAfterSeconds: 1
        )
    }
}
