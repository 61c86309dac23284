import Telemetry
import Wire

/// The listeners' figures for `/metrics`, by listener: `public` and `admin`.
enum ServerFigures {
    static func collector(_ listeners: [ListenerService]) -> PrometheusRegistry.Collector {
        { text in
            let all = listeners.map { (name: $0.role, now: $0.server.statistics) }
            func metric(_ name: String, _ kind: MetricKind, _ help: String, _ value: (ServerStatistics) -> Int64) {
                text.metric("vitrine_server_" + name, kind, help: help) { samples in
                    for (listener, now) in all { samples.add(Double(value(now)), labels: [("listener", listener)]) }
                }
            }
            metric("connections", .gauge, "Open connections.") { $0.openConnections }
            metric("accepted_total", .counter, "Connections accepted, those refused included.") {
                $0.acceptedConnections
            }
            metric("shortcut_requests_total", .counter, "Requests answered on the event loop.") { $0.shortcutRequests }
            metric("handled_requests_total", .counter, "Requests on the ordinary path.") { $0.handledRequests }
            metric("received_bytes_total", .counter, "Bytes read from clients.") { $0.receivedBytes }
            metric("sent_bytes_total", .counter, "Bytes sent to clients.") { $0.sentBytes }
            text.metric("vitrine_server_refusals_total", .counter, help: "Requests and connections refused.") {
                for (listener, now) in all {
                    for reason in Refusal.allCases {
                        let count = Double(now.refusals[reason] ?? 0)
                        $0.add(count, labels: [("listener", listener), ("reason", label("\(reason)"))])
                    }
                }
            }
            text.metric("vitrine_server_timeouts_total", .counter, help: "Connections ended for their slowness.") {
                for (listener, now) in all {
                    for kind in TimeoutKind.allCases {
                        let count = Double(now.timeouts[kind] ?? 0)
                        $0.add(count, labels: [("listener", listener), ("kind", label("\(kind)"))])
                    }
                }
            }
        }
    }

    /// `headTimeout` as `head-timeout`.
    private static func label(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    }
}
