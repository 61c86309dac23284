/// The latest purges of a node and their number, for metrics and the page.
package struct PurgeLedger: Sendable {
    /// One scope and mode, such as `tag` and `soft`.
    package struct Kind: Hashable, Sendable {
        package var scope: String
        package var mode: String

        package init(scope: String, mode: String) {
            self.scope = scope
            self.mode = mode
        }
    }

    /// As `PurgeRecord.scope` names them.
    package static let scopes = ["url", "prefix", "tag", "everything"]
    package static let latestMax = 20
    static let retoldMicroseconds: UInt64 = 10_000_000

    /// The youngest first; also those from before the start.
    package private(set) var latest: [PurgeRecord]
    /// Since the start, those that other nodes told included.
    package private(set) var counts: [Kind: Int] = [:]
    /// Times that another node could not be told.
    package var untold = 0

    /// - Parameter records: what is in the log, oldest first.
    package init(_ records: [PurgeRecord]) { latest = records.suffix(Self.latestMax).reversed() }

    /// Takes one purge.
    ///
    /// Nodes tell each other twice; the second time, soon after the first, is the same purge.
    package mutating func record(_ record: PurgeRecord, isTold: Bool) {
        if isTold, let last = latest.first {
            var repeated = last
            repeated.sequence = record.sequence
            if repeated == record, record.sequence - last.sequence < Self.retoldMicroseconds {
                latest[0] = record
                return
            }
        }
        latest.insert(record, at: 0)
        if latest.count > Self.latestMax { latest.removeLast() }
        counts[Kind(scope: record.scope, mode: record.mode), default: 0] += 1
    }
}
