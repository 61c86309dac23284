import Synchronization

/// The figures of a feed while they are counted.
final class FeedCounters: Sendable {
    private let state = Mutex(FeedFigures())

    var figures: FeedFigures { state.withLock { $0 } }

    func count(_ change: (inout FeedFigures) -> Void) { state.withLock { change(&$0) } }

    func fetched(_ bytes: Int) {
        state.withLock { figures in
            figures.recordsFetched += 1
            figures.bytesFetched += bytes
        }
    }

    func foundDamaged() { state.withLock { $0.damagedRecords += 1 } }
}
