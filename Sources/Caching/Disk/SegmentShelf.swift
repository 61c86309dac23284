import Synchronization

/// The segments in use, by number.
final class SegmentShelf: Sendable {
    private let segments = Mutex<[UInt32: Segment]>([:])

    var count: Int { segments.withLock { $0.count } }

    /// Oldest first.
    var all: [Segment] { segments.withLock { Array($0.values) }.sorted { $0.id < $1.id } }

    /// The one with the lowest number.
    var oldest: Segment? { segments.withLock { $0.values.min { $0.id < $1.id } } }

    func segment(_ id: UInt32) -> Segment? { segments.withLock { $0[id] } }

    func add(_ segment: Segment) { segments.withLock { $0[segment.id] = segment } }

    func remove(_ segment: Segment) {
        // The last reference may go here: outside of the lock.
        let removed = segments.withLock { $0.removeValue(forKey: segment.id) }
        _ = removed
    }

    func removeAll() {
        let removed = segments.withLock { segments in
            let all = segments
            segments = [:]
            return all
        }
        _ = removed
    }
}
