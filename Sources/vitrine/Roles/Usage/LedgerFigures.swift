import Ledger
import Telemetry

/// The figures of the unloading into the service database for `/metrics`.
enum LedgerFigures {
    static func collector(_ node: LedgerNode) -> PrometheusRegistry.Collector {
        { text in
            let now = node.unload.statistics
            text.metric("vitrine_unload_backlog_rows", .gauge, help: "Rows that wait for the service database.") {
                $0.add(Double(now.backlogRows))
            }
            text.metric("vitrine_unload_exports_waiting", .gauge, help: "Exports that no queue has taken yet.") {
                $0.add(Double(now.exportsWaiting))
            }
            text.metric("vitrine_unload_export", .gauge, help: "Number of exports, by what became of them.") {
                $0.add(Double(now.exportSeen), labels: [("state", "seen")])
                $0.add(Double(now.exportEnqueued), labels: [("state", "enqueued")])
                $0.add(Double(now.exportApplied), labels: [("state", "applied")])
            }
            text.metric("vitrine_unload_rows_total", .counter, help: "Rows applied, and those of them that were new.") {
                $0.add(Double(now.rowsApplied), labels: [("kind", "applied")])
                $0.add(Double(now.rowsWritten), labels: [("kind", "written")])
            }
            text.metric("vitrine_unload_rate_rows", .gauge, help: "Rows a second that are allowed now.") {
                $0.add(now.rate)
            }
            text.metric(
                "vitrine_unload_database_seconds_total",
                .counter,
                help: "Time that transactions of the unloading took."
            ) {
                $0.add(now.databaseTime / .seconds(1))
            }
            text.metric("vitrine_unload_failures_total", .counter, help: "Calls of the service database that failed.") {
                $0.add(Double(now.failures))
            }
            text.metric("vitrine_unload_failing", .gauge, help: "1 while exports or rows cannot be applied.") {
                $0.add(now.lastError == nil ? 0 : 1)
            }
        }
    }
}
