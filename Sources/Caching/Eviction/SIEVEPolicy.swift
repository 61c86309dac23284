/// A queue with one bit for "used" and a hand that sweeps it from old to new: what was used stays where it is.
///
/// After Zhang, Yang, Yue, Vigfusson and Rashmi, "SIEVE is Simpler than LRU" (NSDI 2024). Blind to size and cost.
package struct SIEVEPolicy: EvictionPolicy {
    package let budget: Int
    private var table: EntryTable
    private var queue = EntryQueue()
    /// Leave before all others.
    private var demoted = EntryQueue()
    /// The next entry to look at; `none`: the oldest.
    private var hand = EntryTable.none

    private static let inDemoted: UInt8 = 1

    package init(budget: Int, seed: UInt64) {
        precondition(budget > 0)
        self.budget = budget
        table = EntryTable(seed: seed)
    }

    package var usedBytes: Int { queue.bytes + demoted.bytes }
    package var count: Int { queue.count + demoted.count }

    package func contains(_ id: UInt64) -> Bool { table.find(id) != EntryTable.none }

    @discardableResult
    package mutating func recordHit(_ id: UInt64) -> Bool {
        let place = table.find(id)
        guard place != EntryTable.none else { return false }
        if table[place].queue == Self.inDemoted {
            table.unlink(place, from: &demoted)
            table[place].queue = 0
            table.pushFront(place, to: &queue)
        }
        table[place].visits = 1
        return true
    }

    package mutating func admit(_ id: UInt64, size: Int, cost: Float, evicted: inout [UInt64]) {
        precondition(size > 0 && cost >= 0 && cost.isFinite)
        let place = table.find(id)
        guard size <= budget else {
            remove(id)
            evicted.append(id)
            return
        }
        if place != EntryTable.none {
            if table[place].queue == Self.inDemoted {
                table.resize(place, to: size, in: &demoted)
            } else {
                table.resize(place, to: size, in: &queue)
            }
            makeRoom(0, evicted: &evicted)
        } else {
            makeRoom(size, evicted: &evicted)
            table.pushFront(table.insert(CacheEntry(id: id, size: size)), to: &queue)
        }
    }

    @discardableResult
    package mutating func remove(_ id: UInt64) -> Bool {
        let place = table.find(id)
        guard place != EntryTable.none else { return false }
        drop(place)
        return true
    }

    package mutating func demote(_ id: UInt64) {
        let place = table.find(id)
        guard place != EntryTable.none, table[place].queue != Self.inDemoted else { return }
        unlinkFromQueue(place)
        table[place].queue = Self.inDemoted
        table.pushFront(place, to: &demoted)
    }

    private mutating func makeRoom(_ size: Int, evicted: inout [UInt64]) {
        while usedBytes > budget - size {
            let victim = demoted.isEmpty ? sweep() : demoted.back
            evicted.append(table[victim].id)
            drop(victim)
        }
    }

    /// Moves the hand to an entry that was not used since its last visit.
    private mutating func sweep() -> Int32 {
        var place = hand == EntryTable.none ? queue.back : hand
        while table[place].visits > 0 {
            table[place].visits = 0
            place = table[place].newer
        }
        hand = place
        return place
    }

    private mutating func unlinkFromQueue(_ place: Int32) {
        if hand == place { hand = queue.count > 1 ? table[place].newer : EntryTable.none }
        table.unlink(place, from: &queue)
    }

    private mutating func drop(_ place: Int32) {
        if table[place].queue == Self.inDemoted {
            table.unlink(place, from: &demoted)
        } else {
            unlinkFromQueue(place)
        }
        table.remove(place)
    }
}
