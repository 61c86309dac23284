package import CoreMetrics
import Synchronization

/// The origin's counters and timers, each made once (the number of routes and statuses is bounded).
package final class OriginMetrics: Sendable {
    private struct Handles {
        var requests: [String: Counter] = [:]
        var durations: [String: CoreMetrics.Timer] = [:]
    }

    private let handles = Mutex(Handles())
    package let uploadedBytes = Counter(label: "vitrine_uploaded_bytes_total")
    package let deliveredBytes = Counter(label: "vitrine_delivered_bytes_total")
    package let collapsed = Counter(label: "vitrine_renders_collapsed_total")

    package init() {}

    /// Counts one answered request.
    func answered(route: String, method: String, status: Int, nanoseconds: Int64) {
        let isKnown = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"].contains(method)
        let knownMethod = isKnown ? method : "other"
        let (counter, timer) = handles.withLock { handles in
            let name = "\(route) \(knownMethod) \(status)"
            let counter =
                handles.requests[name]
                ?? Counter(
                    label: "vitrine_http_requests_total",
                    dimensions: [("route", route), ("method", knownMethod), ("status", String(status))]
                )
            handles.requests[name] = counter
            let timer =
                handles.durations[route]
                ?? CoreMetrics.Timer(label: "vitrine_http_request_seconds", dimensions: [("route", route)])
            handles.durations[route] = timer
            return (counter, timer)
        }
        counter.increment()
        timer.recordNanoseconds(nanoseconds)
    }
}
