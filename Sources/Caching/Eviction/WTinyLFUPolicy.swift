/// A small LRU window before a main part that admits only what was seen more often than its victim.
///
/// After Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy" (ACM Transactions on
/// Storage, 2017): window 1 % of the bytes, main a segmented LRU with 80 % for what was used there. Blind to cost; by
/// size, a candidate must be more frequent than each victim that it needs to push out.
package struct WTinyLFUPolicy: EvictionPolicy {
    package let budget: Int
    private var table: EntryTable
    private var sketch: FrequencySketch
    private var window = EntryQueue()
    private var probation = EntryQueue()
    private var protected = EntryQueue()
    /// Leave before all others.
    private var demoted = EntryQueue()
    private let windowBytes: Int
    private let protectedBytes: Int

    private static let inWindow: UInt8 = 0
    private static let inProbation: UInt8 = 1
    private static let inProtected: UInt8 = 2
    private static let inDemoted: UInt8 = 3

    package init(budget: Int, seed: UInt64) {
        precondition(budget > 0)
        self.budget = budget
        windowBytes = max(1, budget / 100)
        protectedBytes = (budget - max(1, budget / 100)) / 5 * 4
        table = EntryTable(seed: seed)
        sketch = FrequencySketch(seed: seed)
    }

    package var usedBytes: Int { window.bytes + probation.bytes + protected.bytes + demoted.bytes }
    package var count: Int { table.count }

    package func contains(_ id: UInt64) -> Bool { table.find(id) != EntryTable.none }

    @discardableResult
    package mutating func recordHit(_ id: UInt64) -> Bool {
        let place = table.find(id)
        guard place != EntryTable.none else { return false }
        sketch.see(id)
        unlink(place)
        switch table[place].queue {
        case Self.inWindow, Self.inDemoted:
            table[place].queue = Self.inWindow
            table.pushFront(place, to: &window)
        default:
            table[place].queue = Self.inProtected
            table.pushFront(place, to: &protected)
            while protected.bytes > protectedBytes && protected.count > 1 {
                let demoted = protected.back
                table.unlink(demoted, from: &protected)
                table[demoted].queue = Self.inProbation
                table.pushFront(demoted, to: &probation)
            }
        }
        return true
    }

    package mutating func admit(_ id: UInt64, size: Int, cost: Float, evicted: inout [UInt64]) {
        precondition(size > 0 && cost >= 0 && cost.isFinite)
        sketch.makeRoom(for: table.count + 1)
        sketch.see(id)
        let place = table.find(id)
        guard size <= budget else {
            remove(id)
            evicted.append(id)
            return
        }
        if place != EntryTable.none {
            resize(place, to: size)
        } else {
            table.pushFront(table.insert(CacheEntry(id: id, size: size)), to: &window)
        }
        makeRoom(evicted: &evicted)
    }

    @discardableResult
    package mutating func remove(_ id: UInt64) -> Bool {
        let place = table.find(id)
        guard place != EntryTable.none else { return false }
        unlink(place)
        table.remove(place)
        return true
    }

    package mutating func demote(_ id: UInt64) {
        let place = table.find(id)
        guard place != EntryTable.none, table[place].queue != Self.inDemoted else { return }
        unlink(place)
        table[place].queue = Self.inDemoted
        table.pushFront(place, to: &demoted)
    }

    private mutating func unlink(_ place: Int32) {
        switch table[place].queue {
        case Self.inWindow: table.unlink(place, from: &window)
        case Self.inProbation: table.unlink(place, from: &probation)
        case Self.inProtected: table.unlink(place, from: &protected)
        default: table.unlink(place, from: &demoted)
        }
    }

    private mutating func resize(_ place: Int32, to size: Int) {
        switch table[place].queue {
        case Self.inWindow: table.resize(place, to: size, in: &window)
        case Self.inProbation: table.resize(place, to: size, in: &probation)
        case Self.inProtected: table.resize(place, to: size, in: &protected)
        default: table.resize(place, to: size, in: &demoted)
        }
    }

    /// Lets the demoted go, then has what leaves the window compete with main's victims.
    private mutating func makeRoom(evicted: inout [UInt64]) {
        while usedBytes > budget && !demoted.isEmpty { evict(demoted.back, &evicted) }
        while window.bytes > windowBytes {
            let candidate = window.back
            table.unlink(candidate, from: &window)
            table[candidate].queue = Self.inProbation
            table.pushFront(candidate, to: &probation)
            let frequency = sketch.estimate(table[candidate].id)
            while usedBytes > budget {
                var victim = probation.back
                if victim == candidate { victim = protected.back }
                if victim == EntryTable.none { victim = candidate }
                if victim != candidate && sketch.estimate(table[victim].id) >= frequency { victim = candidate }
                evict(victim, &evicted)
                if victim == candidate { break }
            }
        }
        while usedBytes > budget {
            let fromMain = probation.isEmpty ? protected.back : probation.back
            evict(fromMain == EntryTable.none ? window.back : fromMain, &evicted)
        }
    }

    private mutating func evict(_ place: Int32, _ evicted: inout [UInt64]) {
        evicted.append(table[place].id)
        unlink(place)
        table.remove(place)
    }
}
