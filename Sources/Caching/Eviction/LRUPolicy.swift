/// Evicts what was used longest ago.
///
/// The yardstick of all others; blind to size and cost.
package struct LRUPolicy: EvictionPolicy {
    package let budget: Int
    private var table: EntryTable
    private var queue = EntryQueue()

    package init(budget: Int, seed: UInt64) {
        precondition(budget > 0)
        self.budget = budget
        table = EntryTable(seed: seed)
    }

    package var usedBytes: Int { queue.bytes }
    package var count: Int { queue.count }

    package func contains(_ id: UInt64) -> Bool { table.find(id) != EntryTable.none }

    @discardableResult
    package mutating func recordHit(_ id: UInt64) -> Bool {
        let place = table.find(id)
        guard place != EntryTable.none else { return false }
        table.unlink(place, from: &queue)
        table.pushFront(place, to: &queue)
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
            table.resize(place, to: size, in: &queue)
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
        guard place != EntryTable.none else { return }
        table.unlink(place, from: &queue)
        table.pushBack(place, to: &queue)
    }

    private mutating func makeRoom(_ size: Int, evicted: inout [UInt64]) {
        while queue.bytes > budget - size {
            evicted.append(table[queue.back].id)
            drop(queue.back)
        }
    }

    private mutating func drop(_ place: Int32) {
        table.unlink(place, from: &queue)
        table.remove(place)
    }
}
