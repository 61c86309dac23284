import Synchronization

/// Which record of which segment a key has: 64 tables, each behind a lock of its own.
final class DiskIndex: Sendable {
    private final class Stripe: Sendable {
        let table = Mutex(IndexTable())
    }

    private static let stripeCount = 64
    private let stripes = (0..<stripeCount).map { _ in Stripe() }

    var count: Int { stripes.reduce(0) { $0 + $1.table.withLock { $0.count } } }

    /// Memory for slots, in bytes.
    var capacityBytes: Int {
        stripes.reduce(0) { $0 + $1.table.withLock { $0.capacity } } * MemoryLayout<IndexSlot>.stride
    }

    func find(_ key: EntryKey) -> IndexSlot? {
        stripe(key).table.withLock { $0.find(key) }
    }

    func hit(_ key: EntryKey) -> IndexSlot? {
        stripe(key).table.withLock { $0.hit(key) }
    }

    func insert(_ slot: IndexSlot) {
        stripe(slot.key).table.withLock { $0.insert(slot) }
    }

    @discardableResult
    func remove(_ key: EntryKey) -> Bool {
        stripe(key).table.withLock { $0.remove(key) }
    }

    /// Removes the key's slot if it still points to the place of `slot`.
    @discardableResult
    func remove(_ slot: IndexSlot) -> Bool {
        stripe(slot.key).table.withLock { table in
            guard table.find(slot.key)?.isSamePlace(as: slot) == true else { return false }
            return table.remove(slot.key)
        }
    }

    /// Lets the key point to the place of `new` if it still points to that of `old`.
    func move(_ old: IndexSlot, to new: IndexSlot) {
        stripe(old.key).table.withLock { table in
            if table.find(old.key)?.isSamePlace(as: old) == true { table.insert(new) }
        }
    }

    /// The slots that point to a segment, in the order of their places; looks at every slot there is.
    func slots(in segment: UInt32) -> [IndexSlot] {
        stripes.flatMap { $0.table.withLock { $0.slots(in: segment) } }.sorted { $0.offset < $1.offset }
    }

    private func stripe(_ key: EntryKey) -> Stripe {
        stripes[Int(truncatingIfNeeded: (key.low ^ key.high &>> 32) % UInt64(Self.stripeCount))]
    }
}
