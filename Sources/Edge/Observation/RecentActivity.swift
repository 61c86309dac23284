import ServiceLifecycle
import Synchronization

/// What the edge has done in the last minute; takes a reading of the counters each second while it runs.
package final class RecentActivity: Service {
    private let metrics: EdgeMetrics
    private let clock: any Clock<Duration>
    private let uptime: @Sendable () -> Duration
    private let ring = Mutex(ReadingRing())

    /// `uptime` is the time since a fixed moment, at the pace of the clock.
    package init(
        _ metrics: EdgeMetrics,
        clock: any Clock<Duration> = ContinuousClock(),
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.metrics = metrics
        self.clock = clock
        self.uptime = uptime
        record()
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                while true {
                    try await self.clock.sleep(for: ReadingRing.interval)
                    self.record()
                }
            } catch {
                // Cancelled: there is nothing left to read.
            }
        }
    }

    /// Counted within the last minute, and how long that was: less right after the start.
    package var lastMinute: (reading: EdgeReading, length: Duration) {
        let (reading, now) = (metrics.reading, uptime())
        return ring.withLock { $0.change(to: reading, at: now) }
    }

    private func record() {
        let (reading, now) = (metrics.reading, uptime())
        ring.withLock { $0.record(reading, at: now) }
    }
}
