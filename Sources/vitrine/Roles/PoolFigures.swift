import Rendering
import Telemetry

/// The render pool's figures for `/metrics`.
enum PoolFigures {
    static func collector(_ pool: RenderPool) -> PrometheusRegistry.Collector {
        { text in
            let now = pool.statistics
            func total(_ name: String, _ value: Int, _ help: String) {
                text.metric("vitrine_render_" + name, .counter, help: help) { $0.add(Double(value)) }
            }
            func gauge(_ name: String, _ value: Int, _ help: String) {
                text.metric("vitrine_render_" + name, .gauge, help: help) { $0.add(Double(value)) }
            }
            total("jobs_total", now.completed, "Jobs that a worker answered.")
            total("rejected_total", now.rejected, "Jobs turned away because the queue was full.")
            total("expired_total", now.expired, "Jobs that waited or worked too long.")
            total("retried_total", now.retried, "Jobs given to a second worker after a crash.")
            total("worker_crashes_total", now.crashes, "Workers that died by themselves.")
            total("workers_killed_total", now.killed, "Workers that the pool killed.")
            total("workers_recycled_total", now.recycled, "Workers replaced because of age or size.")
            text.metric("vitrine_render_cpu_seconds_total", .counter, help: "CPU time of jobs in workers.") {
                $0.add(Double(now.cpuMicroseconds) / 1e6)
            }
            gauge("queued", now.queued, "Jobs that wait.")
            gauge("busy", now.busy, "Jobs that run.")
            gauge("workers", now.workers.count { $0.state == .idle || $0.state == .busy }, "Workers that are up.")
            gauge("worker_resident_bytes", now.workers.reduce(0) { $0 + $1.residentBytes }, "Memory of all workers.")
        }
    }
}
