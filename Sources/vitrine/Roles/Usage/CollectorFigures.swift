import Metering
import Telemetry

/// The figures of the collector for `/metrics`.
enum CollectorFigures {
    static func collector(_ node: CollectorNode) -> PrometheusRegistry.Collector {
        { text in
            intake(node.routes.parts.metrics.figures, node, &text)
            segments(node.segments.statistics, node, &text)
        }
    }

    private static func intake(
        _ figures: IntakeMetrics.Figures,
        _ node: CollectorNode,
        _ text: inout PrometheusText
    ) {
        text.metric("vitrine_usage_requests_total", .counter, help: "Requests with usage events, by result.") {
            for outcome in IntakeMetrics.Outcome.allCases {
                $0.add(Double(figures.requests[outcome] ?? 0), labels: [("result", outcome.rawValue)])
            }
        }
        text.metric("vitrine_usage_events_total", .counter, help: "Usage events by what became of them.") {
            $0.add(Double(figures.accepted), labels: [("result", "accepted")])
            $0.add(Double(figures.refused.values.reduce(0, +)), labels: [("result", "refused")])
        }
        text.metric("vitrine_usage_refused_events_total", .counter, help: "Refused usage events by reason.") {
            for code in EventFault.Code.allCases {
                $0.add(Double(figures.refused[code] ?? 0), labels: [("reason", code.rawValue)])
            }
        }
        text.metric("vitrine_usage_bytes_total", .counter, help: "Bytes of usage events at each step.") {
            $0.add(Double(figures.sentBytes), labels: [("step", "sent")])
            $0.add(Double(figures.bodyBytes), labels: [("step", "decompressed")])
            $0.add(Double(figures.lineBytes), labels: [("step", "lines")])
        }
        text.metric(
            "vitrine_usage_acknowledgement_seconds",
            .histogram,
            help: "Time from the end of a body with usage events until they are on the disk."
        ) {
            $0.add(
                counts: figures.acknowledgements,
                sum: figures.acknowledgementSeconds,
                buckets: HistogramBuckets(IntakeMetrics.acknowledgementBounds)
            )
        }
        text.metric("vitrine_usage_body_bytes", .gauge, help: "Bytes of bodies that are read and decoded now.") {
            $0.add(Double(node.routes.bytesUnderWay))
        }
    }

    private static func segments(
        _ statistics: SegmentStatistics,
        _ node: CollectorNode,
        _ text: inout PrometheusText
    ) {
        var writer = FigureWriter(prefix: "vitrine_usage_", text: text)
        writer.total("lines_kept_total", statistics.linesKept, "Lines of usage events on the disk.")
        writer.total("lines_unkept_total", statistics.linesRefused, "Lines that were turned away, or the disk failed.")
        writer.total("commits_total", statistics.groups, "Writes to the disk, one fdatasync each.")
        writer.total("commits_failed_total", statistics.groupsFailed, "Writes that the disk failed.")
        writer.gauge("waiting_bytes", statistics.waitingBytes, "Bytes of lines that wait for the disk.")
        writer.gauge("open_bytes", statistics.openBytes, "Bytes of lines in the open segment.")
        writer.gauge("disk_bytes", statistics.diskBytes, "Bytes on the disk that are not shipped.")
        writer.gauge("segments_waiting", statistics.segmentsWaiting, "Segments that wait to be shipped.")
        writer.gauge("segments_stuck", statistics.stuck.count, "Segments that somebody has to look after.")
        writer.total("segments_shipped_total", statistics.segmentsShipped, "Segments shipped to the store.")
        writer.total("lines_shipped_total", statistics.linesShipped, "Lines of usage events in the store.")
        writer.total("shipped_bytes_total", statistics.bytesShipped, "Bytes of shipped segments, compressed.")
        writer.total("shipments_failed_total", statistics.shipmentsFailed, "Attempts to ship that failed.")
        writer.total("cut_bytes_total", statistics.bytesCut, "Bytes cut off torn ends at the start.")
        text = writer.text
        text.metric("vitrine_usage_shipping_lag_seconds", .gauge, help: "Age of events that are not in the store yet.")
        {
            $0.add(node.lagSeconds)
        }
    }
}
