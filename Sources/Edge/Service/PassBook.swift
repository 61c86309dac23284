import Caching
import Synchronization

/// Which resources had an answer that could not be shared: their next requests do not wait for one another.
///
/// Without it, requests for an uncacheable resource would be answered one after the other. Bounded and forgetful: a
/// mark ends by itself after a few seconds, or when an answer could be shared.
final class PassBook: Sendable {
    private let marks = Mutex<[EntryKey: Int64]>([:])
    private let marksMax: Int

    init(marksMax: Int = 100_000) { self.marksMax = marksMax }

    /// Whether requests for a resource go upstream by themselves.
    func contains(_ resource: EntryKey, nowMilliseconds: Int64) -> Bool {
        marks.withLock { marks in
            guard let until = marks[resource] else { return false }
            if until > nowMilliseconds { return true }
            marks[resource] = nil
            return false
        }
    }

    func mark(_ resource: EntryKey, untilMilliseconds: Int64, nowMilliseconds: Int64) {
        marks.withLock { marks in
            if marks.count >= marksMax {
                marks = marks.filter { $0.value > nowMilliseconds }
                if marks.count >= marksMax { marks.removeAll() }
            }
            marks[resource] = untilMilliseconds
        }
    }

    func clear(_ resource: EntryKey) {
        marks.withLock { $0[resource] = nil }
    }
}
