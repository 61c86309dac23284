import Telemetry
import Warehouse

/// The figures of the counting for `/metrics`, as they were when they were last looked at.
enum UsageFigures {
    static func collector(_ node: CollectorNode) -> PrometheusRegistry.Collector {
        { text in
            let picture = node.watch.current
            let now = WallClockTime.milliseconds()
            text.metric("vitrine_usage_lag_seconds", .gauge, help: "How long the oldest of what a stage lacks waits.") {
                $0.add(node.lagSeconds, labels: [("stage", "ship")])
                if let lag = picture.countLag(nowMilliseconds: now) { $0.add(lag, labels: [("stage", "count")]) }
                if let lag = picture.exportLag(nowMilliseconds: now) { $0.add(lag, labels: [("stage", "export")]) }
                if node.ledger != nil {
                    $0.add(picture.unloadLag(nowMilliseconds: now), labels: [("stage", "unload")])
                }
            }
            runs(picture, &text)
        }
    }

    private static func runs(_ picture: UsagePicture, _ text: inout PrometheusText) {
        func gauge(_ name: String, _ help: String, _ value: Double?) {
            guard let value else { return }
            text.metric("vitrine_usage_" + name, .gauge, help: help) { $0.add(value) }
        }
        let uncounted = picture.waiting.map { Double($0.segments) }
        gauge("segments_uncounted", "Segments in the store that no run has landed.", uncounted)
        let atWork: Double? = picture.entries.isEmpty ? nil : picture.isAtWork ? 1 : 0
        gauge("run_at_work", "1 while a run is at work on this machine.", atWork)
        if let last = picture.last {
            gauge("run_failed", "1 if the last run did not end well.", last.status == .succeeded ? 0 : 1)
            gauge("run_started_seconds", "When the last run began, since 1970.", last.started.map { Double($0) / 1e3 })
            gauge("run_seconds", "How long the last run took.", last.seconds)
            gauge("run_rows_per_second", "Lines a second of the last run.", last.rowsPerSecond)
        }
        if !picture.counts.isEmpty {
            text.metric("vitrine_usage_counted", .gauge, help: "What became of all lines, as the last run counted.") {
                for (name, value) in picture.counts { $0.add(Double(value), labels: [("kind", name)]) }
            }
        }
        gauge("quarantined_identities", "Identities whose copies disagree.", picture.quarantined.map(Double.init))
        gauge(
            "reconciliation_difference",
            "Deliveries that the access log and the counts disagree on.",
            picture.reconciliation.map { days in Double(days.reduce(0) { $0 + abs($1.difference) }) }
        )
    }
}
