import NIOCore

/// Decides which connection serves which request: bounds, reuse and waiting, for every target of a pool.
///
/// A slot stands for a connection from the decision to make it until its end. Idle connections are reused last in,
/// first out, so that those not needed grow old. Slots that get free go to the request that has waited longest among
/// those that can use them, whatever its target. No clock, no I/O: the pool carries out what is decided here.
struct ConnectionTable {
    typealias ConnectionID = UInt64
    typealias Ticket = UInt64

    enum Lease: Hashable {
        /// This idle connection is the caller's now.
        case reuse(ConnectionID)
        /// A slot is the caller's: make a connection for it, or give the slot back with `close`.
        case connect(ConnectionID)
        /// A grant with the caller's ticket will come.
        case wait
        /// Too many wait.
        case refused
    }

    /// A lease for a request that has waited.
    struct Grant: Hashable {
        let ticket: Ticket
        let lease: Lease
    }

    /// What the pool has to do now.
    struct Outcome: Hashable {
        var grants: [Grant] = []
        /// Connections, no longer in the table, that have to be closed.
        var closing: [ConnectionID] = []
    }

    private struct Entry {
        let target: UpstreamTarget
        var isIdle = false
        /// When it became idle, counted in events.
        var idleSince: UInt64 = 0
    }

    private struct Waiter {
        let ticket: Ticket
        let isFresh: Bool
    }

    private struct Shelf {
        /// Slots, busy and idle.
        var slots = 0
        /// Idle connections, the youngest last.
        var idle: [ConnectionID] = []
        var waiters = CircularBuffer<Waiter>()
    }

    private let limits: UpstreamLimits
    private var entries: [ConnectionID: Entry] = [:]
    private var shelves: [UpstreamTarget: Shelf] = [:]
    private var lastConnection: ConnectionID = 0
    private var lastEvent: UInt64 = 0
    private(set) var idleCount = 0
    private(set) var waitingCount = 0

    init(limits: UpstreamLimits) { self.limits = limits }

    /// Slots in use.
    var count: Int { entries.count }

    /// Whether the slot is in use.
    func contains(_ id: ConnectionID) -> Bool { entries[id] != nil }

    /// A request wants a connection.
    ///
    /// - Parameters:
    ///   - target: whom it is for.
    ///   - ticket: the request's name; each is greater than those before.
    ///   - isFresh: whether a connection that has been idle will not do.
    /// - Returns: what the request gets, and what else has to be done.
    mutating func lease(_ target: UpstreamTarget, ticket: Ticket, isFresh: Bool) -> (Lease, Outcome) {
        var outcome = Outcome()
        if !isFresh, let id = takeIdle(of: target) { return (.reuse(id), outcome) }
        if let id = makeSlot(for: target, &outcome) { return (.connect(id), outcome) }
        var shelf = shelves[target] ?? Shelf()
        guard shelf.waiters.count < limits.waitingPerTarget, waitingCount < limits.waiting else {
            return (.refused, outcome)
        }
        shelf.waiters.append(Waiter(ticket: ticket, isFresh: isFresh))
        shelves[target] = shelf
        waitingCount += 1
        return (.wait, outcome)
    }

    /// An exchange is over and its connection can serve another.
    mutating func release(_ id: ConnectionID) -> Outcome {
        guard let entry = entries[id], !entry.isIdle else { return Outcome() }
        guard let (target, waiter) = longestWaiting(besides: entry.target) else {
            lastEvent += 1
            entries[id] = Entry(target: entry.target, isIdle: true, idleSince: lastEvent)
            shelves[entry.target]?.idle.append(id)
            idleCount += 1
            return Outcome()
        }
        if target == entry.target, !waiter.isFresh {
            dequeue(target)
            return Outcome(grants: [Grant(ticket: waiter.ticket, lease: .reuse(id))])
        }
        var outcome = close(id)
        outcome.closing.append(id)
        return outcome
    }

    /// A connection has ended or could not be made; does nothing for one that is not in the table.
    mutating func close(_ id: ConnectionID) -> Outcome {
        var outcome = Outcome()
        guard remove(id) else { return outcome }
        while let (target, waiter) = longestWaiting(besides: nil), let new = makeSlot(for: target, &outcome) {
            dequeue(target)
            outcome.grants.append(Grant(ticket: waiter.ticket, lease: .connect(new)))
        }
        return outcome
    }

    /// A connection has been idle for too long.
    ///
    /// - Returns: Whether it is out of the table and has to be closed; `false` when it has just been taken.
    mutating func expire(_ id: ConnectionID) -> Bool {
        guard let entry = entries[id], entry.isIdle else { return false }
        return remove(id)
    }

    /// A request no longer waits.
    ///
    /// - Returns: Whether it did; `false` when its grant has been given.
    mutating func abandon(_ ticket: Ticket, of target: UpstreamTarget) -> Bool {
        guard var shelf = shelves[target], let index = shelf.waiters.firstIndex(where: { $0.ticket == ticket }) else {
            return false
        }
        shelf.waiters.remove(at: index)
        waitingCount -= 1
        keep(shelf, target)
        return true
    }

    /// No request waits any longer.
    mutating func abandonAll() {
        waitingCount = 0
        for (target, var shelf) in shelves where !shelf.waiters.isEmpty {
            shelf.waiters.removeAll()
            keep(shelf, target)
        }
    }

    // MARK: Parts

    private mutating func takeIdle(of target: UpstreamTarget) -> ConnectionID? {
        guard let id = shelves[target]?.idle.popLast() else { return nil }
        entries[id]?.isIdle = false
        idleCount -= 1
        return id
    }

    /// A new slot, if need be in place of an idle connection.
    private mutating func makeSlot(for target: UpstreamTarget, _ outcome: inout Outcome) -> ConnectionID? {
        if shelves[target]?.slots ?? 0 >= limits.connectionsPerTarget {
            guard let oldest = shelves[target]?.idle.first else { return nil }
            _ = remove(oldest)
            outcome.closing.append(oldest)
        } else if entries.count >= limits.connections {
            guard let oldest = oldestIdle() else { return nil }
            _ = remove(oldest)
            outcome.closing.append(oldest)
        }
        lastConnection += 1
        entries[lastConnection] = Entry(target: target)
        shelves[target, default: Shelf()].slots += 1
        return lastConnection
    }

    private func oldestIdle() -> ConnectionID? {
        shelves.values.compactMap(\.idle.first).min { left, right in
            entries[left]?.idleSince ?? 0 < entries[right]?.idleSince ?? 0
        }
    }

    /// The first waiter that a free slot helps: one whose target is under its bound, or the target of that slot.
    private func longestWaiting(besides freed: UpstreamTarget?) -> (UpstreamTarget, Waiter)? {
        guard waitingCount > 0 else { return nil }
        var found: (UpstreamTarget, Waiter)?
        for (target, shelf) in shelves {
            guard let first = shelf.waiters.first, target == freed || shelf.slots < limits.connectionsPerTarget else {
                continue
            }
            if first.ticket < found?.1.ticket ?? .max { found = (target, first) }
        }
        return found
    }

    private mutating func dequeue(_ target: UpstreamTarget) {
        guard var shelf = shelves[target], shelf.waiters.popFirst() != nil else { return }
        waitingCount -= 1
        keep(shelf, target)
    }

    private mutating func remove(_ id: ConnectionID) -> Bool {
        guard let entry = entries.removeValue(forKey: id), var shelf = shelves[entry.target] else { return false }
        shelf.slots -= 1
        if entry.isIdle {
            shelf.idle.removeAll { $0 == id }
            idleCount -= 1
        }
        keep(shelf, entry.target)
        return true
    }

    private mutating func keep(_ shelf: Shelf, _ target: UpstreamTarget) {
        shelves[target] = shelf.slots == 0 && shelf.waiters.isEmpty ? nil : shelf
    }
}
