import DeliveryTypes
import FoundationEssentials
import Synchronization

/// The records that were used last, so that a request need not read one from the store.
///
/// A record is believed for a bounded time, since another process may have changed it. What a reader loaded before a
/// change in this process is not taken in after it.
final class RecordCache: Sendable {
    /// Taken before loading a record.
    struct Ticket: Sendable {
        fileprivate var changes: Int
    }

    fileprivate struct Entry {
        var original: Original
        var loaded: Date
        /// Neighbours in the order of use: towards the newest, towards the oldest.
        var newer: ContentDigest?
        var older: ContentDigest?
    }

    fileprivate struct State {
        var entries: [ContentDigest: Entry] = [:]
        var newest: ContentDigest?
        var oldest: ContentDigest?
        var changes = 0
    }

    private let state = Mutex(State())
    private let countMax: Int
    private let lifetime: TimeInterval

    init(countMax: Int, lifetime: Duration) {
        self.countMax = countMax
        self.lifetime = Double(lifetime.components.seconds) + Double(lifetime.components.attoseconds) / 1e18
    }

    var count: Int { state.withLock { $0.entries.count } }

    var ticket: Ticket { Ticket(changes: state.withLock { $0.changes }) }

    func find(_ id: ContentDigest, at now: Date) -> Original? {
        state.withLock { state -> Original? in
            guard let entry = state.entries[id] else { return nil }
            let age = now.timeIntervalSince(entry.loaded)
            guard age >= 0, age < lifetime else {
                state.remove(id)
                return nil
            }
            state.remove(id)
            state.insert(entry.original, loaded: entry.loaded)
            return entry.original
        }
    }

    /// Takes in what was loaded after `ticket` was taken, unless a record was changed since.
    func insert(_ original: Original, loadedWith ticket: Ticket, at now: Date) {
        state.withLock { state in
            guard state.changes == ticket.changes else { return }
            insert(original, at: now, into: &state)
        }
    }

    /// Says that the original's record is now this one; `nil` if it has none any more.
    func change(_ id: ContentDigest, to original: Original?, at now: Date) {
        state.withLock { state in
            state.changes += 1
            if let original { insert(original, at: now, into: &state) } else { state.remove(id) }
        }
    }

    private func insert(_ original: Original, at now: Date, into state: inout State) {
        guard countMax > 0 else { return }
        state.remove(original.id)
        if state.entries.count >= countMax, let oldest = state.oldest { state.remove(oldest) }
        state.insert(original, loaded: now)
    }
}

extension RecordCache.State {
    fileprivate mutating func insert(_ original: Original, loaded: Date) {
        entries[original.id] = RecordCache.Entry(original: original, loaded: loaded, newer: nil, older: newest)
        if let newest { entries[newest]?.newer = original.id }
        newest = original.id
        if oldest == nil { oldest = original.id }
    }

    fileprivate mutating func remove(_ id: ContentDigest) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
        if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
    }
}
