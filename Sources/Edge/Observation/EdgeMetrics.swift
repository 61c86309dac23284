import Synchronization
package import Telemetry

/// What the edge has done since it started: counters that every path adds to without a lock.
package final class EdgeMetrics: Sendable {
    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    /// A fixed row of counters, one for each case.
    private final class Row: Sendable {
        let requests = Atomic<Int>(0)
        let bytes = Atomic<Int>(0)
        let microseconds = Atomic<Int>(0)
        /// By bucket of `EdgeMetrics.buckets`, and one past them all.
        let times: [Counter] = (0...EdgeMetrics.buckets.bounds.count).map { _ in Counter() }
    }

    /// Of the time to answer, in seconds.
    package static let buckets = HistogramBuckets.seconds

    private let rows: [Row] = Outcome.allCases.map { _ in Row() }
    private let indexes: [Outcome: Int]
    private let refusals: Mutex<[UnstoredReason: Int]> = Mutex([:])

    package init() {
        indexes = Dictionary(uniqueKeysWithValues: Outcome.allCases.enumerated().map { ($1, $0) })
    }

    /// Counts one answered request; `bytes` are those of its body.
    package func count(_ outcome: Outcome, bytes: Int, microseconds: Int) {
        guard let index = indexes[outcome] else { return }
        let row = rows[index]
        row.requests.add(1, ordering: .relaxed)
        row.bytes.add(bytes, ordering: .relaxed)
        row.microseconds.add(microseconds, ordering: .relaxed)
        row.times[Self.buckets.index(of: Double(microseconds) / 1e6)].value.add(1, ordering: .relaxed)
    }

    /// Counts one hit on the event loop; its time is not measured.
    func countHit(bytes: Int) {
        // The first row is the hit path's.
        rows[0].requests.add(1, ordering: .relaxed)
        rows[0].bytes.add(bytes, ordering: .relaxed)
    }

    /// Counts an answer that was not stored.
    package func countUnstored(_ reason: UnstoredReason) { refusals.withLock { $0[reason, default: 0] += 1 } }

    package func unstored(_ reason: UnstoredReason) -> Int { refusals.withLock { $0[reason] ?? 0 } }

    package func requests(_ outcome: Outcome) -> Int { reading(of: outcome).requests }

    /// Every counter at this moment; one that changes meanwhile is before or after the change.
    package var reading: EdgeReading {
        EdgeReading(
            figures: rows.map { row in
                EdgeReading.Figures(
                    requests: row.requests.load(ordering: .relaxed),
                    bytes: row.bytes.load(ordering: .relaxed),
                    microseconds: row.microseconds.load(ordering: .relaxed),
                    times: row.times.map { $0.value.load(ordering: .relaxed) }
                )
            }
        )
    }

    private func reading(of outcome: Outcome) -> EdgeReading.Figures { reading[outcome] }
}
