import Warehouse

/// What is known of the usage that is counted on this machine, at one moment.
struct UsagePicture: Sendable {
    /// The run at work, or how the last one ended; `nil` before the first.
    var progress: RunProgress?
    /// The newest first.
    var entries: [RunEntry] = []
    /// Segments in the store that no run has landed; `nil` where no run ever was, or the store does not answer.
    var waiting: SegmentTrail.Waiting?
    /// Why it is not known what waits.
    var storeFault: String?
    /// When the oldest export was written that the service database has not, in milliseconds since 1970.
    var unappliedSince: Int64?
    /// Identities in quarantine; `nil` if no run has said.
    var quarantined: Int?
    /// The run that was the last to count when that was read.
    var quarantineRun: Int?
    var reconciliation: [ReconciledDay]?

    /// What became of all lines so far.
    var counts: [(name: String, value: Int)] { entries.first { !$0.counts.isEmpty }?.counts ?? [] }

    /// The newest run that has ended.
    var last: RunEntry? { entries.first { $0.status != .running } }

    var isAtWork: Bool { progress.map { $0.ending == nil } ?? false }

    /// Seconds that the oldest segment waits to be counted; `nil` if it is not known.
    func countLag(nowMilliseconds: Int64) -> Double? {
        guard let waiting else { return nil }
        guard let oldest = waiting.oldestMicroseconds else { return 0 }
        return max(0, Double(nowMilliseconds) / 1e3 - Double(oldest) / 1e6)
    }

    /// Seconds since the first of the runs that did not end with an export; `nil` before the first run.
    func exportLag(nowMilliseconds: Int64) -> Double? {
        guard !entries.isEmpty else { return nil }
        return Self.seconds(since: RunHistory.unexportedSince(entries), nowMilliseconds)
    }

    /// Seconds that the oldest export waits for the service database.
    func unloadLag(nowMilliseconds: Int64) -> Double { Self.seconds(since: unappliedSince, nowMilliseconds) }

    private static func seconds(since: Int64?, _ now: Int64) -> Double {
        since.map { max(0, Double(now - $0) / 1e3) } ?? 0
    }
}
