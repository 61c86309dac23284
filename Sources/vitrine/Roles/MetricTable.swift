import Telemetry

/// What each metric means; docs/operations/counters.md says the same in a table.
enum MetricTable {
    static let descriptions: [MetricDescription] = [
        MetricDescription("vitrine_http_requests_total", help: "Answered requests by route, method and status."),
        MetricDescription("vitrine_http_request_seconds", help: "Time from request head to answer, by route."),
        MetricDescription("vitrine_uploaded_bytes_total", help: "Bytes of stored uploads."),
        MetricDescription("vitrine_delivered_bytes_total", help: "Bytes of answered bodies."),
        MetricDescription("vitrine_renders_collapsed_total", help: "Requests that shared another's rendering."),
    ]
}
