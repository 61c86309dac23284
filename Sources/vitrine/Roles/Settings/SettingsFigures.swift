import Assignments
import Edge
import Publication
import SettingsDelivery
import Telemetry

/// The figures of settings for `/metrics`.
enum SettingsFigures {
    static func collector(_ node: SettingsNode, _ trial: PictureTrial) -> PrometheusRegistry.Collector {
        { text in
            requests(node, &text)
            feed(node.feed.status, &text)
            users(node.states.statistics, &text)
            exposures(node, &text)
            arms(trial.ledger.reading, &text)
        }
    }

    private static func requests(_ node: SettingsNode, _ text: inout PrometheusText) {
        let figures = node.metrics.figures.sorted {
            ($0.key.app, $0.key.surface.rawValue, $0.key.outcome.rawValue)
                < ($1.key.app, $1.key.surface.rawValue, $1.key.outcome.rawValue)
        }
        text.metric("vitrine_settings_requests_total", .counter, help: "Settings requests by app and answer.") {
            for (label, figures) in figures { $0.add(Double(figures.requests), labels: labels(label)) }
        }
        text.metric("vitrine_settings_bytes_total", .counter, help: "Bytes of settings answers as sent.") {
            for (label, figures) in figures { $0.add(Double(figures.bytes), labels: labels(label)) }
        }
        text.metric(
            "vitrine_settings_incomplete_users_total",
            .counter,
            help: "Evaluations without all that is known of the user."
        ) { $0.add(Double(node.metrics.incompleteUsers)) }
        text.metric("vitrine_settings_streams", .gauge, help: "Open event streams.") {
            $0.add(Double(node.routes.hub.subscribers))
        }
    }

    private static func labels(_ label: SettingsMetrics.Label) -> [(String, String)] {
        [("app", label.app), ("surface", label.surface.rawValue), ("outcome", label.outcome.rawValue)]
    }

    private static func feed(_ status: FeedStatus, _ text: inout PrometheusText) {
        let figures = status.figures
        text.metric("vitrine_settings_current", .gauge, help: "1 while the node hears of changed settings.") {
            $0.add(status.state == .current ? 1 : 0)
        }
        text.metric("vitrine_settings_number", .gauge, help: "Number in force on this node, by app.") {
            for app in status.apps.prefix(256) {
                $0.add(Double(app.number ?? 0), labels: [("app", app.name.text)])
            }
        }
        text.metric("vitrine_settings_loads_total", .counter, help: "Releases loaded, by result.") {
            $0.add(Double(figures.loads), labels: [("result", "loaded")])
            $0.add(Double(figures.restores), labels: [("result", "restored")])
            $0.add(Double(figures.failedLoads), labels: [("result", "failed")])
        }
        text.metric("vitrine_settings_disconnects_total", .counter, help: "Times the source was lost.") {
            $0.add(Double(figures.disconnects))
        }
        text.metric(
            "vitrine_settings_damaged_records_total",
            .counter,
            help: "Records that were not what their names say."
        ) { $0.add(Double(figures.damagedRecords + figures.damagedOnDisk)) }
        text.metric(
            "vitrine_settings_propagation_seconds_total",
            .counter,
            help: "Time from publishes to this node serving them, of all together."
        ) { $0.add(Double(figures.propagationMilliseconds) / 1e3) }
        text.metric("vitrine_settings_propagations_total", .counter, help: "Publishes told and served.") {
            $0.add(Double(figures.propagations))
        }
    }

    private static func users(_ statistics: UserStatesStatistics, _ text: inout PrometheusText) {
        text.metric("vitrine_users_lookups_total", .counter, help: "Look-ups of users' assignments, by result.") {
            $0.add(Double(statistics.hits), labels: [("result", "memory")])
            $0.add(Double(statistics.misses), labels: [("result", "store")])
            $0.add(Double(statistics.late), labels: [("result", "late")])
        }
        text.metric("vitrine_users_writes_total", .counter, help: "Writes of users' assignments, by result.") {
            $0.add(Double(statistics.writes), labels: [("result", "written")])
            $0.add(Double(statistics.writeFailures), labels: [("result", "failed")])
            $0.add(Double(statistics.lost), labels: [("result", "lost")])
        }
    }

    private static func exposures(_ node: SettingsNode, _ text: inout PrometheusText) {
        let statistics = node.exposures.statistics
        text.metric("vitrine_exposures_total", .counter, help: "Exposures by what became of them.") {
            $0.add(Double(statistics.recorded), labels: [("result", "recorded")])
            $0.add(Double(statistics.dropped), labels: [("result", "dropped")])
            $0.add(Double(statistics.invalid), labels: [("result", "invalid")])
        }
        text.metric("vitrine_usage_log_bytes", .gauge, help: "Bytes of the usage log on disk.") {
            $0.add(Double(node.usage.statistics.bytes))
        }
    }

    private static func arms(_ rows: [ArmLedger.Row], _ text: inout PrometheusText) {
        func labels(_ row: ArmLedger.Row, _ result: String) -> [(String, String)] {
            [("experiment", row.experiment), ("variation", row.variation), ("result", result)]
        }
        text.metric("vitrine_picture_arm_pictures_total", .counter, help: "Pictures delivered in experiments.") {
            for row in rows {
                $0.add(Double(row.hits.pictures), labels: labels(row, "hit"))
                $0.add(Double(row.misses.pictures), labels: labels(row, "miss"))
            }
        }
        text.metric("vitrine_picture_arm_bytes_total", .counter, help: "Bytes of pictures in experiments.") {
            for row in rows {
                $0.add(Double(row.hits.bytes), labels: labels(row, "hit"))
                $0.add(Double(row.misses.bytes), labels: labels(row, "miss"))
            }
        }
        text.metric("vitrine_picture_arm_seconds_total", .counter, help: "Time to answer pictures in experiments.") {
            for row in rows {
                $0.add(Double(row.hits.microseconds) / 1e6, labels: labels(row, "hit"))
                $0.add(Double(row.misses.microseconds) / 1e6, labels: labels(row, "miss"))
            }
        }
    }
}
