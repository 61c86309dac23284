import Synchronization

/// The numbers that only grow.
final class DiskCounters: Sendable {
    private let statistics = Mutex(DiskTierStatistics())

    var snapshot: DiskTierStatistics { statistics.withLock { $0 } }

    func count(_ change: (inout DiskTierStatistics) -> Void) {
        statistics.withLock { change(&$0) }
    }
}
