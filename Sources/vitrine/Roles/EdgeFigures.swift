import Caching
import Edge
import Fleet
import Telemetry

/// The edge's figures for `/metrics`.
enum EdgeFigures {
    static func collector(_ edge: EdgeAssembly) -> PrometheusRegistry.Collector {
        { text in
            requests(edge.parts.metrics, &text)
            memory(edge.parts.memory.statistics, &text)
            if let disk = edge.parts.disk?.statistics { Self.disk(disk, &text) }
            let gate = edge.parts.gate.load
            text.metric("vitrine_edge_upstream_running", .gauge, help: "Requests under way upstream.") {
                $0.add(Double(gate.running))
            }
            text.metric("vitrine_edge_upstream_waiting", .gauge, help: "Requests that wait to go upstream.") {
                $0.add(Double(gate.waiting))
            }
            text.metric("vitrine_edge_purge_rules", .gauge, help: "Purges remembered one by one.") {
                $0.add(Double(edge.parts.board.count))
            }
            if let log = edge.parts.accessLog {
                text.metric("vitrine_edge_log_dropped_total", .counter, help: "Access log lines dropped.") {
                    $0.add(Double(log.droppedLines))
                }
            }
        }
    }

    private static func requests(_ metrics: EdgeMetrics, _ text: inout PrometheusText) {
        text.metric("vitrine_edge_requests_total", .counter, help: "Requests by what became of them.") { samples in
            for outcome in Outcome.allCases {
                samples.add(Double(metrics.requests(outcome)), labels: [("outcome", outcome.rawValue)])
            }
        }
        text.metric("vitrine_edge_bytes_total", .counter, help: "Bytes of bodies by outcome.") { samples in
            for outcome in Outcome.allCases {
                samples.add(Double(metrics.bytes(outcome)), labels: [("outcome", outcome.rawValue)])
            }
        }
        text.metric("vitrine_edge_seconds_total", .counter, help: "Time to answer by outcome.") { samples in
            for outcome in Outcome.allCases where outcome != .hit {
                samples.add(Double(metrics.microseconds(outcome)) / 1e6, labels: [("outcome", outcome.rawValue)])
            }
        }
        text.metric("vitrine_edge_unstored_total", .counter, help: "Responses not stored, by reason.") { samples in
            for (reason, count) in metrics.unstored.sorted(by: { $0.key < $1.key }) {
                samples.add(Double(count), labels: [("reason", reason)])
            }
        }
    }

    private static func memory(_ now: MemoryTierStatistics, _ text: inout PrometheusText) {
        func gauge(_ name: String, _ value: Int, _ help: String) {
            text.metric("vitrine_cache_memory_" + name, .gauge, help: help) { $0.add(Double(value)) }
        }
        func total(_ name: String, _ value: Int, _ help: String) {
            text.metric("vitrine_cache_memory_" + name, .counter, help: help) { $0.add(Double(value)) }
        }
        gauge("entries", now.entries, "Responses in memory.")
        gauge("used_bytes", now.usedBytes, "Bytes of responses in memory.")
        gauge("budget_bytes", now.budgetBytes, "Bytes that they may have.")
        total("hits_total", now.hits, "Look-ups in memory that found something.")
        total("misses_total", now.misses, "Look-ups in memory that found nothing.")
        total("insertions_total", now.insertions, "Responses put into memory.")
        total("evictions_total", now.evictions, "Responses evicted from memory.")
        total("refusals_total", now.refusals, "Responses not taken into memory.")
    }

    private static func disk(_ now: DiskTierStatistics, _ text: inout PrometheusText) {
        func gauge(_ name: String, _ value: Int, _ help: String) {
            text.metric("vitrine_cache_disk_" + name, .gauge, help: help) { $0.add(Double(value)) }
        }
        func total(_ name: String, _ value: Int, _ help: String) {
            text.metric("vitrine_cache_disk_" + name, .counter, help: help) { $0.add(Double(value)) }
        }
        gauge("entries", now.entries, "Responses on disk.")
        gauge("queued", now.queuedRecords, "Responses that wait to be written.")
        gauge("used_bytes", now.usedBytes, "Bytes of the cache files.")
        gauge("budget_bytes", now.budgetBytes, "Bytes that they may have.")
        gauge("degraded", now.isDegraded ? 1 : 0, "1 while the disk fails and memory alone is used.")
        total("hits_total", now.readsFound, "Reads from disk.")
        total("damaged_total", now.readsDamaged, "Records that failed their checksum and were dropped.")
        total("written_bytes_total", now.bytesWritten, "Bytes written to disk.")
        total("refused_total", now.storesRefusedQueueFull + now.storesRefusedTooLarge + now.storesRefusedDegraded,
            "Responses not taken by the disk.")
        total("failed_total", now.storesFailed + now.readsFailed, "Reads and writes that failed.")
        total("evictions_total", now.recordsEvicted, "Responses evicted from disk.")
    }
}
