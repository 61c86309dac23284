import Synchronization

/// The purge table shared by all threads: readers compare one atomic number as long as nothing new was purged.
package final class PurgeBoard: Sendable {
    private let table: Mutex<PurgeTable>
    private let latest: Atomic<UInt64>

    package init(_ table: PurgeTable) {
        latest = Atomic(table.sequence)
        self.table = Mutex(table)
    }

    /// The number of the latest purge; a fetch that begins now remembers it.
    package var sequence: UInt64 { latest.load(ordering: .acquiring) }

    /// Rules that are remembered one by one.
    package var count: Int { table.withLock { $0.count } }

    /// Remembers a purge; from its return on no look-up gives what it speaks of.
    @discardableResult
    package func purge(_ scope: PurgeScope, _ mode: PurgeMode, floor: UInt64) -> UInt64 {
        table.withLock { table in
            let sequence = table.purge(scope, mode, floor: floor)
            latest.store(sequence, ordering: .releasing)
            return sequence
        }
    }

    /// What the purges mean for a stored response.
    package func verdict(for response: CachedResponse) -> PurgeVerdict {
        let now = sequence
        if response.isKnownLive(at: now) { return .live }
        let (verdict, at) = table.withLock { ($0.verdict(for: response.subject), $0.sequence) }
        if verdict == .live { response.markLive(at: at) }
        return verdict
    }

    package func verdict(for subject: PurgeSubject) -> PurgeVerdict {
        table.withLock { $0.verdict(for: subject) }
    }
}
