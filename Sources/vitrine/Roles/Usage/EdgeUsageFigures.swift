import Assignments
import Edge
import Telemetry

/// The figures of deliveries and of the usage log's forwarding for `/metrics`.
enum EdgeUsageFigures {
    static func collector(_ usage: EdgeUsage) -> PrometheusRegistry.Collector {
        { text in
            var writer = FigureWriter(prefix: "vitrine_", text: text)
            let counted = usage.counter.figures
            let recorded = usage.recorder.statistics
            writer.total("deliveries_total", counted.requests, "Deliveries of pictures that were counted.")
            writer.total("deliveries_unnamed_total", counted.unnamed, "Deliveries counted without their content.")
            writer.total("deliveries_recorded_total", recorded.requestsRecorded, "Deliveries on this node's disk.")
            writer.total("deliveries_lost_total", recorded.requestsLost, "Deliveries that could not be kept.")
            writer.gauge("deliveries_waiting_rows", counted.waitingRows + recorded.waiting, "Rows kept in memory.")
            writer.total("deliveries_events_total", recorded.recorded, "Events of deliveries on this node's disk.")
            writer.total("deliveries_failures_total", recorded.failures, "Times that the usage log took none.")
            let forwarded = usage.forwarder.statistics
            writer.total("usage_forwarding_failures_total", forwarded.failures, "Attempts to forward that failed.")
            writer.total("usage_forwarding_damaged_total", forwarded.damagedLines, "Damaged lines of the usage log.")
            text = writer.text
            text.metric("vitrine_usage_forwarded_events_total", .counter, help: "This node's events, by what became.") {
                $0.add(Double(forwarded.forwarded), labels: [("result", "taken")])
                $0.add(Double(forwarded.refused), labels: [("result", "refused")])
            }
            text.metric("vitrine_usage_forwarding_lag_seconds", .gauge, help: "Age of the oldest event not forwarded.")
            {
                let oldest = forwarded.oldestMilliseconds
                $0.add(oldest.map { max(0, Double(WallClockTime.milliseconds() - $0) / 1e3) } ?? 0)
            }
        }
    }
}
