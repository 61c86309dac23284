/// Three queues first in, first out: a small one that lets go of what is used once, a main one, and a ghost one that
/// remembers what the small one let go of.
///
/// After Yang, Zhang, Qiu, Yue and Rashmi, "FIFO queues are all you need for cache eviction" (SOSP 2023), with the
/// settings of the authors' simulator: small 10 % of the bytes, as many ghosts as main holds, to main at two hits, at
/// most three hits counted. Blind to size and cost.
package struct S3FIFOPolicy: EvictionPolicy {
    package let budget: Int
    private var table: EntryTable
    private var small = EntryQueue()
    private var main = EntryQueue()
    private var ghosts = EntryQueue()
    /// Leave before all others.
    private var demoted = EntryQueue()
    private let smallBytes: Int

    private static let inSmall: UInt8 = 0
    private static let inMain: UInt8 = 1
    private static let inDemoted: UInt8 = 2
    private static let inGhosts: UInt8 = 3
    private static let visitsMax: UInt8 = 3
    private static let visitsToMove: UInt8 = 2

    package init(budget: Int, seed: UInt64) {
        precondition(budget > 0)
        self.budget = budget
        smallBytes = budget / 10
        table = EntryTable(seed: seed)
    }

    package var usedBytes: Int { small.bytes + main.bytes + demoted.bytes }
    package var count: Int { small.count + main.count + demoted.count }

    package func contains(_ id: UInt64) -> Bool { residentPlace(id) != EntryTable.none }

    @discardableResult
    package mutating func recordHit(_ id: UInt64) -> Bool {
        let place = residentPlace(id)
        guard place != EntryTable.none else { return false }
        if table[place].queue == Self.inDemoted {
            table.unlink(place, from: &demoted)
            table[place].queue = Self.inMain
            table.pushFront(place, to: &main)
        }
        table[place].visits = min(table[place].visits + 1, Self.visitsMax)
        return true
    }

    package mutating func admit(_ id: UInt64, size: Int, cost: Float, evicted: inout [UInt64]) {
        precondition(size > 0 && cost >= 0 && cost.isFinite)
        var place = table.find(id)
        let isGhost = place != EntryTable.none && table[place].queue == Self.inGhosts
        if isGhost {
            table.unlink(place, from: &ghosts)
            table.remove(place)
            place = EntryTable.none
        }
        guard size <= budget else {
            remove(id)
            evicted.append(id)
            return
        }
        if place != EntryTable.none {
            resize(place, to: size)
            makeRoom(0, evicted: &evicted)
            return
        }
        makeRoom(size, evicted: &evicted)
        place = table.insert(CacheEntry(id: id, size: size, queue: isGhost ? Self.inMain : Self.inSmall))
        if isGhost { table.pushFront(place, to: &main) } else { table.pushFront(place, to: &small) }
    }

    @discardableResult
    package mutating func remove(_ id: UInt64) -> Bool {
        let place = residentPlace(id)
        guard place != EntryTable.none else { return false }
        unlink(place)
        table.remove(place)
        return true
    }

    package mutating func demote(_ id: UInt64) {
        let place = residentPlace(id)
        guard place != EntryTable.none, table[place].queue != Self.inDemoted else { return }
        unlink(place)
        table[place].queue = Self.inDemoted
        table.pushFront(place, to: &demoted)
    }

    private func residentPlace(_ id: UInt64) -> Int32 {
        let place = table.find(id)
        return place != EntryTable.none && table[place].queue != Self.inGhosts ? place : EntryTable.none
    }

    private mutating func resize(_ place: Int32, to size: Int) {
        switch table[place].queue {
        case Self.inSmall: table.resize(place, to: size, in: &small)
        case Self.inMain: table.resize(place, to: size, in: &main)
        default: table.resize(place, to: size, in: &demoted)
        }
    }

    private mutating func unlink(_ place: Int32) {
        switch table[place].queue {
        case Self.inSmall: table.unlink(place, from: &small)
        case Self.inMain: table.unlink(place, from: &main)
        default: table.unlink(place, from: &demoted)
        }
    }

    private mutating func makeRoom(_ size: Int, evicted: inout [UInt64]) {
        while usedBytes > budget - size {
            if !demoted.isEmpty {
                let victim = demoted.back
                table.unlink(victim, from: &demoted)
                evicted.append(table[victim].id)
                table.remove(victim)
            } else if main.bytes > budget - smallBytes || small.isEmpty {
                evictFromMain(&evicted)
            } else {
                evictFromSmall(&evicted)
            }
        }
    }

    /// Moves what was used twice to main and lets the first that was not go.
    private mutating func evictFromSmall(_ evicted: inout [UInt64]) {
        while !small.isEmpty {
            let place = small.back
            table.unlink(place, from: &small)
            if table[place].visits >= Self.visitsToMove {
                table[place].queue = Self.inMain
                table[place].visits = 0
                table.pushFront(place, to: &main)
                continue
            }
            evicted.append(table[place].id)
            table[place].queue = Self.inGhosts
            table.pushFront(place, to: &ghosts)
            table.trim(&ghosts, bytesMax: budget - smallBytes, countMax: max(64, 2 * count))
            return
        }
    }

    /// Gives what was used another round and lets the first that was not go.
    private mutating func evictFromMain(_ evicted: inout [UInt64]) {
        while !main.isEmpty {
            let place = main.back
            if table[place].visits > 0 {
                table[place].visits -= 1
                table.rotate(&main)
                continue
            }
            table.unlink(place, from: &main)
            evicted.append(table[place].id)
            table.remove(place)
            return
        }
    }
}
