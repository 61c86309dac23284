/// Entries by id: an open-addressing hash table of places in a dense array whose entries link to each other.
///
/// Resident entries and remembered departed ones may share a table, so that one look-up tells both. A place is stable
/// from `insert` to `remove`. The table has linear probing under a keyed hash, at most half its slots in use, deletion
/// by shifting back (no tombstones), and 32 bits of the hash in the slot, so that a look-up touches one entry.
struct EntryTable: Sendable {
    /// The place that is none.
    static let none: Int32 = -1

    private let hash: KeyedHash
    /// High half: 32 bits of the hash, which name the home slot; low half: place + 1; 0 as a whole: free.
    private var slots: [UInt64]
    private var mask: Int
    private var entries: [CacheEntry] = []
    /// First of the unused places, linked by `older`.
    private var unused = EntryTable.none
    private(set) var count = 0

    init(seed: UInt64) {
        hash = KeyedHash(seed: seed)
        slots = Array(repeating: 0, count: 16)
        mask = 15
    }

    subscript(place: Int32) -> CacheEntry {
        @inline(__always) get { entries[Int(place)] }
        @inline(__always) _modify { yield &entries[Int(place)] }
    }

    /// The place of an id, `none` if there is no entry.
    @inline(__always)
    func find(_ id: UInt64) -> Int32 {
        let tag = hash(id) >> 32
        var slot = Int(truncatingIfNeeded: tag) & mask
        while true {
            let word = slots[slot]
            if word == 0 { return Self.none }
            if word >> 32 == tag {
                let place = Int32(truncatingIfNeeded: word) &- 1
                if entries[Int(place)].id == id { return place }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Adds an entry whose id is not there yet, linked to nothing; its place.
    mutating func insert(_ entry: CacheEntry) -> Int32 {
        precondition(count < Int(Int32.max) / 2, "too many entries for one table")
        if (count + 1) * 2 > slots.count { grow() }
        let place: Int32
        if unused != Self.none {
            place = unused
            unused = entries[Int(place)].older
            entries[Int(place)] = entry
        } else {
            place = Int32(entries.count)
            entries.append(entry)
        }
        count += 1
        occupy((hash(entry.id) >> 32) << 32 | UInt64(UInt32(place + 1)))
        return place
    }

    /// Forgets an entry that is in no queue.
    mutating func remove(_ place: Int32) {
        let tag = hash(entries[Int(place)].id) >> 32
        let word = tag << 32 | UInt64(UInt32(place + 1))
        var slot = Int(truncatingIfNeeded: tag) & mask
        while slots[slot] != word { slot = (slot &+ 1) & mask }
        closeGap(at: slot)
        entries[Int(place)].older = unused
        unused = place
        count -= 1
    }

    private mutating func occupy(_ word: UInt64) {
        var slot = Int(truncatingIfNeeded: word >> 32) & mask
        while slots[slot] != 0 { slot = (slot &+ 1) & mask }
        slots[slot] = word
    }

    /// Moves later ones of the same run back, so that no look-up stops early (Knuth, TAOCP 3, 6.4 R).
    private mutating func closeGap(at start: Int) {
        var gap = start
        var slot = start
        while true {
            slot = (slot &+ 1) & mask
            let word = slots[slot]
            if word == 0 { break }
            let home = Int(truncatingIfNeeded: word >> 32) & mask
            if (slot &- home) & mask >= (slot &- gap) & mask {
                slots[gap] = word
                gap = slot
            }
        }
        slots[gap] = 0
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        mask = slots.count - 1
        for word in old where word != 0 { occupy(word) }
    }
}

// MARK: Queues

extension EntryTable {
    /// Links an entry that is in no queue in at the front.
    mutating func pushFront(_ place: Int32, to queue: inout EntryQueue) {
        link(place, into: &queue)
        queue.front = place
        if queue.back == Self.none { queue.back = place }
    }

    /// Links an entry that is in no queue in at the back, to leave next.
    mutating func pushBack(_ place: Int32, to queue: inout EntryQueue) {
        link(place, into: &queue)
        queue.back = place
        if queue.front == Self.none { queue.front = place }
    }

    /// Links an entry between both ends, which it will be one of.
    private mutating func link(_ place: Int32, into queue: inout EntryQueue) {
        queue.count += 1
        queue.bytes += self[place].size
        let (front, back) = (queue.front, queue.back)
        guard front != Self.none else {
            self[place].older = place
            self[place].newer = place
            return
        }
        self[place].older = front
        self[place].newer = back
        self[front].newer = place
        self[back].older = place
    }

    /// Moves the entry at the back to the front of a queue that is not empty, at no cost: the links are a circle.
    @inline(__always)
    func rotate(_ queue: inout EntryQueue) {
        queue.front = queue.back
        queue.back = self[queue.back].newer
    }

    /// Changes the size of an entry and of the queue that it is in.
    mutating func resize(_ place: Int32, to size: Int, in queue: inout EntryQueue) {
        queue.bytes += size - self[place].size
        self[place].size = size
    }

    /// Forgets the oldest entries of a queue until it is within both limits.
    mutating func trim(_ queue: inout EntryQueue, bytesMax: Int, countMax: Int) {
        while queue.bytes > bytesMax || queue.count > countMax {
            let place = queue.back
            unlink(place, from: &queue)
            remove(place)
        }
    }

    /// Takes an entry out of the queue that it is in.
    mutating func unlink(_ place: Int32, from queue: inout EntryQueue) {
        let (older, newer) = (self[place].older, self[place].newer)
        queue.count -= 1
        queue.bytes -= self[place].size
        guard newer != place else {
            queue.front = Self.none
            queue.back = Self.none
            return
        }
        self[newer].older = older
        self[older].newer = newer
        if queue.front == place { queue.front = older }
        if queue.back == place { queue.back = newer }
    }
}
