/// A hash table of slots with open addressing: linear probing, no markers for removed ones, at most four fifths full.
///
/// It grows by a quarter, so a record costs 40 to 50 bytes, 45 on average.
struct IndexTable: Sendable {
    private(set) var count = 0
    private var slots: [IndexSlot] = []

    private static let slotsMin = 8

    var capacity: Int { slots.count }

    func find(_ key: EntryKey) -> IndexSlot? {
        position(of: key).map { slots[$0] }
    }

    /// Finds the slot of `key` and marks it as hit.
    mutating func hit(_ key: EntryKey) -> IndexSlot? {
        guard let position = position(of: key) else { return nil }
        slots[position].isHit = true
        return slots[position]
    }

    /// Puts a slot there, in the place of the one that has its key.
    mutating func insert(_ slot: IndexSlot) {
        if let position = position(of: slot.key) {
            slots[position] = slot
            return
        }
        if (count + 1) * 5 > slots.count * 4 { grow() }
        place(slot)
        count += 1
    }

    @discardableResult
    mutating func remove(_ key: EntryKey) -> Bool {
        guard let position = position(of: key) else { return false }
        vacate(position)
        return true
    }

    /// The slots that point to a segment, in no order.
    func slots(in segment: UInt32) -> [IndexSlot] {
        slots.filter { $0.segment == segment }
    }

    private func position(of key: EntryKey) -> Int? {
        guard !slots.isEmpty else { return nil }
        var position = home(of: key)
        while !slots[position].isEmpty {
            if slots[position].key == key { return position }
            position = next(position)
        }
        return nil
    }

    /// Where the key would stand if nobody were in the way.
    private func home(of key: EntryKey) -> Int {
        let mixed = (key.high ^ (key.low &<< 32 | key.low &>> 32)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed.multipliedFullWidth(by: UInt64(slots.count)).high)
    }

    private func next(_ position: Int) -> Int { position + 1 == slots.count ? 0 : position + 1 }

    private mutating func place(_ slot: IndexSlot) {
        var position = home(of: slot.key)
        while !slots[position].isEmpty { position = next(position) }
        slots[position] = slot
    }

    /// Empties a slot and moves up those behind it that would not be found any more.
    private mutating func vacate(_ position: Int) {
        var hole = position
        var probe = next(hole)
        while !slots[probe].isEmpty {
            let home = home(of: slots[probe].key)
            let distanceHome = probe >= home ? probe - home : probe + slots.count - home
            let distanceHole = probe >= hole ? probe - hole : probe + slots.count - hole
            if distanceHome >= distanceHole {
                slots[hole] = slots[probe]
                hole = probe
            }
            probe = next(probe)
        }
        slots[hole] = .empty
        count -= 1
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .empty, count: max(Self.slotsMin, old.count + old.count / 4))
        for slot in old where !slot.isEmpty { place(slot) }
    }
}
