import Synchronization

/// What the edge has done since it started: counters that every path adds to without a lock.
package final class EdgeMetrics: Sendable {
    /// A fixed row of counters, one for each case.
    private final class Row: Sendable {
        let requests = Atomic<Int>(0)
        let bytes = Atomic<Int>(0)
        let microseconds = Atomic<Int>(0)
    }

    private let rows: [Row] = Outcome.allCases.map { _ in Row() }
    private let indexes: [Outcome: Int]
    private let refusals: Mutex<[String: Int]> = Mutex([:])

    package init() {
        indexes = Dictionary(uniqueKeysWithValues: Outcome.allCases.enumerated().map { ($1, $0) })
    }

    /// Counts one answered request; `bytes` are those of its body.
    package func count(_ outcome: Outcome, bytes: Int, microseconds: Int) {
        guard let index = indexes[outcome] else { return }
        rows[index].requests.add(1, ordering: .relaxed)
        rows[index].bytes.add(bytes, ordering: .relaxed)
        rows[index].microseconds.add(microseconds, ordering: .relaxed)
    }

    /// Counts one hit on the event loop.
    func countHit(bytes: Int) {
        // The first row is the hit path's.
        rows[0].requests.add(1, ordering: .relaxed)
        rows[0].bytes.add(bytes, ordering: .relaxed)
    }

    /// Counts a response that was not stored, by its reason.
    package func countUnstored(_ reason: String) { refusals.withLock { $0[reason, default: 0] += 1 } }

    package func requests(_ outcome: Outcome) -> Int { row(outcome).requests.load(ordering: .relaxed) }
    package func bytes(_ outcome: Outcome) -> Int { row(outcome).bytes.load(ordering: .relaxed) }
    package func microseconds(_ outcome: Outcome) -> Int { row(outcome).microseconds.load(ordering: .relaxed) }
    package var unstored: [String: Int] { refusals.withLock { $0 } }

    private func row(_ outcome: Outcome) -> Row { rows[indexes[outcome] ?? 0] }
}
