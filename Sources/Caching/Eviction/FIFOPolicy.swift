/// Evicts what came in first, used or not.
///
/// The cheapest of all, and the worst on most traces: a floor to compare with.
package struct FIFOPolicy: EvictionPolicy {
    package let budget: Int
    private var table: EntryTable
    private var queue = EntryQueue()
    /// Leave before all others.
    private var demoted = EntryQueue()

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
        table.unlink(place, from: &queue)
        table[place].queue = Self.inDemoted
        table.pushFront(place, to: &demoted)
    }

    private mutating func makeRoom(_ size: Int, evicted: inout [UInt64]) {
        while usedBytes > budget - size {
            let victim = demoted.isEmpty ? queue.back : demoted.back
            evicted.append(table[victim].id)
            drop(victim)
        }
    }

    private mutating func drop(_ place: Int32) {
        if table[place].queue == Self.inDemoted {
            table.unlink(place, from: &demoted)
        } else {
            table.unlink(place, from: &queue)
        }
        table.remove(place)
    }
}
