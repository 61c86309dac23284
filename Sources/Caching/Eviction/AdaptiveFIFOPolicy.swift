/// The cache's own policy: S3-FIFO that learns what to move and how much room newcomers need, and weighs what an entry
/// cost to make against the bytes that it takes.
///
/// Four queues, first in first out, and two of ghosts. Newcomers enter `small`. What leaves it goes to `main` if it
/// was used enough, else it is evicted and remembered in `smallGhosts` (110 % of the budget). `main` gives what was
/// used another round and evicts the rest into `mainGhosts` (60 %). A ghost that is fetched again goes to `main`.
/// Demoted entries leave before all.
/// What differs from S3-FIFO (Yang et al., SOSP 2023):
///
/// 1. **Hits are counted to 31, not 3**, so that main is ordered by frequency and ages by one with each round.
/// 2. **Main has ghosts, too**, and the share of `small` follows the ghosts that return, as in ARC (Megiddo and Modha,
///    FAST 2003): a ghost of `small` widens it, a ghost of `main` narrows it, between 5 and 30 % of the budget.
/// 3. **Whether one hit is enough to be moved is measured**: the share of such entries that were wanted again against
///    the share of main's victims that were. The past counts half after as many evictions as entries are resident.
/// 4. **Loops are noticed**: when nine in ten of main's victims come back, main is running through a loop that it
///    cannot hold. Then they return through `small`, and main keeps the part that it has.
/// 5. **Weight.** An entry weighs its milliseconds per byte, over the geometric mean of those that left `small`
///    lately; if all cost and measure the same, all weigh 1 and nothing below matters. In the manner of GreedyDual-Size
///    (Cao and Irani, USITS 1997; with frequency: Cherkasova, 1998), but inside the queues and in constant time: hits
///    count times the weight, entering main gives log₂ of the weight as lives, four times the mean is moved to main
///    without a hit.
/// 6. **Newcomers never push out what main holds beyond their share**: an entry larger than the target of `small` that
///    would, is refused, and admitted when it is wanted again soon.
/// 7. **An eviction looks at 1,024 entries of main at most**, so that no insertion stalls a large cache.
///
/// Costs: a hit one look-up and one counter; memory 32 bytes and two to four hash slots of 8 bytes for every resident
/// entry and ghost; each queue of ghosts has at most twice as many as there are entries.
package struct AdaptiveFIFOPolicy: EvictionPolicy {
    package let budget: Int
    var table: EntryTable
    var small = EntryQueue()
    var main = EntryQueue()
    var demoted = EntryQueue()
    var smallGhosts = EntryQueue()
    var mainGhosts = EntryQueue()
    /// Bytes that `small` may have while main is not empty.
    var smallTarget: Double
    /// Geometric mean of what newcomers are worth, as `EntryValue`; `nil` before the first.
    var meanValue: Float?
    /// Entries with one hit that left `small`.
    var usedOnce = ReturnRate(guess: 0.3)
    /// Entries that main evicted.
    var mainVictims = ReturnRate(guess: 0.1)
    var evictionsSinceAgeing = 0

    package init(budget: Int, seed: UInt64) {
        precondition(budget > 0)
        self.budget = budget
        table = EntryTable(seed: seed)
        smallTarget = Double(budget) * 0.2
    }

    package var usedBytes: Int { small.bytes + main.bytes + demoted.bytes }
    package var count: Int { small.count + main.count + demoted.count }

    package func contains(_ id: UInt64) -> Bool { residentPlace(id) != EntryTable.none }

    @discardableResult
    package mutating func recordHit(_ id: UInt64) -> Bool {
        let place = residentPlace(id)
        guard place != EntryTable.none else { return false }
        if table[place].queue >= Residence.demotedFromSmall { rehabilitate(place) }
        let visits = table[place].visits &+ table[place].gain
        table[place].visits = min(visits, Self.visitsMax)
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
        let value = EntryValue.of(cost: cost, size: size)
        if place == EntryTable.none {
            admitNewcomer(CacheEntry(id: id, size: size, value: value), evicted: &evicted)
        } else if table[place].queue >= Residence.smallGhost {
            admitGhost(place, size: size, value: value, evicted: &evicted)
        } else {
            table[place].value = value
            resize(place, to: size)
            makeRoom(0, evicted: &evicted)
        }
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
        guard place != EntryTable.none, table[place].queue < Residence.demotedFromSmall else { return }
        let isMain = table[place].queue == Residence.main
        unlink(place)
        table[place].queue = isMain ? Residence.demotedFromMain : Residence.demotedFromSmall
        table[place].isWatched = false
        table.pushFront(place, to: &demoted)
    }
}

extension AdaptiveFIFOPolicy {
    /// Where an entry is, as `CacheEntry.queue` has it: residents first, then ghosts.
    enum Residence {
        static let small: UInt8 = 0
        static let main: UInt8 = 1
        static let demotedFromSmall: UInt8 = 2
        static let demotedFromMain: UInt8 = 3
        static let smallGhost: UInt8 = 4
        static let mainGhost: UInt8 = 5
    }

    static let visitsMax: UInt8 = 31
    /// Shares of the budget between which the target of `small` moves.
    static let smallShareMin = 0.05
    static let smallShareMax = 0.3
    /// Most that one hit counts.
    static let gainMax: Float = 15
    /// Weight from which an entry is moved to main without a hit.
    static let weightToMove: Float = 4
    /// Share of main's victims from which their coming back is taken for a loop.
    static let loopRate: Float = 0.9
    /// Entries of main that one eviction may give another round.
    static let roundsMax = 1024

    private func residentPlace(_ id: UInt64) -> Int32 {
        let place = table.find(id)
        return place != EntryTable.none && table[place].queue < Residence.smallGhost ? place : EntryTable.none
    }

    /// A demoted entry was used: back to where it came from.
    private mutating func rehabilitate(_ place: Int32) {
        table.unlink(place, from: &demoted)
        if table[place].queue == Residence.demotedFromMain {
            table[place].queue = Residence.main
            table.pushFront(place, to: &main)
        } else {
            table[place].queue = Residence.small
            table.pushFront(place, to: &small)
        }
    }

    private mutating func resize(_ place: Int32, to size: Int) {
        switch table[place].queue {
        case Residence.small: table.resize(place, to: size, in: &small)
        case Residence.main: table.resize(place, to: size, in: &main)
        default: table.resize(place, to: size, in: &demoted)
        }
    }

    /// Takes a resident entry out of its queue.
    private mutating func unlink(_ place: Int32) {
        switch table[place].queue {
        case Residence.small: table.unlink(place, from: &small)
        case Residence.main: table.unlink(place, from: &main)
        default: table.unlink(place, from: &demoted)
        }
    }
}
