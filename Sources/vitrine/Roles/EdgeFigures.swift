import Caching
import Edge
import Fleet
import Telemetry
import Wire

/// The edge's figures for `/metrics`.
enum EdgeFigures {
    static func collector(_ edge: EdgeInstruments) -> PrometheusRegistry.Collector {
        { text in
            requests(edge.parts.metrics, &text)
            memory(edge.parts.memory.statistics, &text)
            if let disk = edge.parts.disk?.statistics { Self.disk(disk, &text) }
            queue(edge.parts.gate, &text)
            if let pool = edge.pool?.statistics { Self.pool(pool, &text) }
            purges(edge, &text)
            peers(edge.router.statuses, &text)
            if let book = edge.parts.derivations { DerivationFigures.write(book, to: &text) }
            text.metric("vitrine_edge_hot_keys", .gauge, help: "Resources that every node keeps.") {
                $0.add(Double(edge.parts.popular.top.count))
            }
            if let log = edge.parts.accessLog {
                text.metric("vitrine_edge_log_dropped_total", .counter, help: "Access log lines dropped.") {
                    $0.add(Double(log.droppedLines))
                }
            }
        }
    }

    private static func requests(_ metrics: EdgeMetrics, _ text: inout PrometheusText) {
        let reading = metrics.reading
        text.metric("vitrine_edge_requests_total", .counter, help: "Requests by what became of them.") { samples in
            for outcome in Outcome.allCases {
                samples.add(Double(reading[outcome].requests), labels: [("outcome", outcome.rawValue)])
            }
        }
        text.metric("vitrine_edge_bytes_total", .counter, help: "Bytes of bodies by outcome.") { samples in
            for outcome in Outcome.allCases {
                samples.add(Double(reading[outcome].bytes), labels: [("outcome", outcome.rawValue)])
            }
        }
        text.metric("vitrine_edge_request_seconds", .histogram, help: "Time to answer by outcome.") { samples in
            for outcome in Outcome.allCases where outcome != .hit {
                let figures = reading[outcome]
                samples.add(
                    counts: figures.times,
                    sum: Double(figures.microseconds) / 1e6,
                    buckets: EdgeMetrics.buckets,
                    labels: [("outcome", outcome.rawValue)]
                )
            }
        }
        text.metric("vitrine_edge_unstored_total", .counter, help: "Answers not stored, by reason.") { samples in
            for reason in UnstoredReason.all {
                samples.add(Double(metrics.unstored(reason)), labels: [("reason", reason.text)])
            }
        }
    }

    private static func queue(_ gate: AdmissionGate, _ text: inout PrometheusText) {
        let (load, statistics) = (gate.load, gate.statistics)
        text.metric("vitrine_edge_upstream_running", .gauge, help: "Requests under way upstream.") {
            $0.add(Double(load.running))
        }
        text.metric("vitrine_edge_upstream_waiting", .gauge, help: "Requests that wait to go upstream.") {
            $0.add(Double(load.waiting))
        }
        text.metric("vitrine_edge_upstream_admitted_total", .counter, help: "Requests let through upstream.") {
            $0.add(Double(statistics.admitted))
        }
        text.metric("vitrine_edge_upstream_refused_total", .counter, help: "Requests shed, by reason.") { samples in
            for reason in AdmissionRefusal.Reason.allCases {
                samples.add(Double(statistics.refused[reason] ?? 0), labels: [("reason", reason.rawValue)])
            }
        }
    }

    private static func pool(_ now: UpstreamStatistics, _ text: inout PrometheusText) {
        var out = FigureWriter(prefix: "vitrine_upstream_", text: text)
        out.gauge("connections", now.connectionsOpen, "Connections to upstreams and peers.")
        out.gauge("idle_connections", now.connectionsIdle, "Of these, those without an exchange.")
        out.gauge("waiting", now.waiting, "Requests that wait for a connection.")
        out.total("connections_made_total", now.connectionsMade, "Connections made with success.")
        out.total("connections_reused_total", now.connectionsReused, "Exchanges begun on a kept connection.")
        out.total("exchanges_total", now.exchanges, "Exchanges asked for.")
        out.total("retries_total", now.retries, "Requests sent a second time.")
        out.total("sent_bytes_total", now.bytesSent, "Bytes of requests sent.")
        out.total("received_bytes_total", now.bytesReceived, "Bytes of responses received.")
        text = out.text
        text.metric("vitrine_upstream_failures_total", .counter, help: "Failed exchanges by kind.") { samples in
            for (kind, count) in now.failures.sorted(by: { $0.key < $1.key }) {
                samples.add(Double(count), labels: [("kind", kind)])
            }
        }
    }

    private static func purges(_ edge: EdgeInstruments, _ text: inout PrometheusText) {
        text.metric("vitrine_edge_purge_rules", .gauge, help: "Purges remembered one by one.") {
            $0.add(Double(edge.parts.board.count))
        }
        let activity = edge.purges.activity
        text.metric("vitrine_edge_purges_total", .counter, help: "Purges by scope and mode.") { samples in
            for scope in PurgeLedger.scopes {
                for mode in PurgeMode.allCases.map(\.rawValue) {
                    let count = activity.counts[PurgeLedger.Kind(scope: scope, mode: mode)] ?? 0
                    samples.add(Double(count), labels: [("scope", scope), ("mode", mode)])
                }
            }
        }
        text.metric("vitrine_edge_purges_untold_total", .counter, help: "Times that a peer could not be told.") {
            $0.add(Double(activity.untold))
        }
    }

    private static func peers(_ peers: [PeerStatus], _ text: inout PrometheusText) {
        guard !peers.isEmpty else { return }
        text.metric("vitrine_edge_peer_up", .gauge, help: "1 for a node that is asked, 0 while it rests.") { samples in
            for peer in peers {
                samples.add(peer.restsUntilMilliseconds == nil ? 1 : 0, labels: [("node", peer.node.id)])
            }
        }
        text.metric("vitrine_edge_peer_load", .gauge, help: "Requests from here under way at a node.") { samples in
            for peer in peers { samples.add(Double(peer.load), labels: [("node", peer.node.id)]) }
        }
    }

    private static func memory(_ now: MemoryTierStatistics, _ text: inout PrometheusText) {
        var out = FigureWriter(prefix: "vitrine_cache_memory_", text: text)
        out.gauge("entries", now.entries, "Responses in memory.")
        out.gauge("used_bytes", now.usedBytes, "Bytes of responses in memory.")
        out.gauge("budget_bytes", now.budgetBytes, "Bytes that they may have.")
        out.total("hits_total", now.hits, "Look-ups in memory that found something.")
        out.total("misses_total", now.misses, "Look-ups in memory that found nothing.")
        out.total("insertions_total", now.insertions, "Responses put into memory.")
        out.total("evictions_total", now.evictions, "Responses evicted from memory.")
        out.total("refusals_total", now.refusals, "Responses not taken into memory.")
        text = out.text
    }

    private static func disk(_ now: DiskTierStatistics, _ text: inout PrometheusText) {
        let refused = now.storesRefusedQueueFull + now.storesRefusedTooLarge + now.storesRefusedDegraded
        var out = FigureWriter(prefix: "vitrine_cache_disk_", text: text)
        out.gauge("entries", now.entries, "Responses on disk.")
        out.gauge("queued", now.queuedRecords, "Responses that wait to be written.")
        out.gauge("used_bytes", now.usedBytes, "Bytes of the cache files.")
        out.gauge("budget_bytes", now.budgetBytes, "Bytes that they may have.")
        out.gauge("degraded", now.isDegraded ? 1 : 0, "1 while the disk fails and memory alone is used.")
        out.total("hits_total", now.readsFound, "Reads from disk.")
        out.total("misses_total", now.readsAbsent, "Reads that found nothing.")
        out.total("damaged_total", now.readsDamaged, "Records that failed their checksum and were dropped.")
        out.total("recovered_total", now.recordsRecovered, "Records that the start found again.")
        out.total("written_bytes_total", now.bytesWritten, "Bytes written to disk.")
        out.total("refused_total", refused, "Responses not taken by the disk.")
        out.total("failed_total", now.storesFailed + now.readsFailed, "Reads and writes that failed.")
        out.total("evictions_total", now.recordsEvicted, "Responses evicted from disk.")
        text = out.text
    }
}
