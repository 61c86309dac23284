/// A set of UTF-16 code units.
struct UnitSet: Equatable, Sendable {
    static let digits = UnitSet(ranges: [0x30...0x39])
    static let word = UnitSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = UnitSet(ranges: [
        9...13, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Of units from 128, ascending, apart.
    private var beyond: [ClosedRange<UInt16>] = []
    private var isInverted = false

    init(ranges: [ClosedRange<UInt16>] = []) {
        var last: ClosedRange<UInt16>?
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound < 128 {
                for unit in range.lowerBound...min(range.upperBound, 127) { insertASCII(unit) }
            }
            guard range.upperBound >= 128 else { continue }
            let range = max(range.lowerBound, 128)...range.upperBound
            if let before = last, Int(range.lowerBound) <= Int(before.upperBound) + 1 {
                last = before.lowerBound...max(before.upperBound, range.upperBound)
                beyond[beyond.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
            } else {
                last = range
                beyond.append(range)
            }
        }
    }

    private mutating func insertASCII(_ unit: UInt16) {
        if unit < 64 { low |= 1 << UInt64(unit) } else { high |= 1 << UInt64(unit - 64) }
    }

    var inverted: UnitSet {
        var set = self
        set.isInverted.toggle()
        return set
    }

    @inline(__always)
    func contains(_ unit: UInt16) -> Bool {
        if unit < 64 { return (low >> UInt64(unit) & 1 != 0) != isInverted }
        if unit < 128 { return (high >> UInt64(unit - 64) & 1 != 0) != isInverted }
        return beyond.contains { $0.contains(unit) } != isInverted
    }

    /// All members as ranges, ascending.
    var ranges: [ClosedRange<UInt16>] {
        var ranges: [ClosedRange<UInt16>] = []
        for unit in UInt16(0)..<128 where (unit < 64 ? low >> UInt64(unit) : high >> UInt64(unit - 64)) & 1 != 0 {
            ranges.append(unit...unit)
        }
        ranges += beyond
        guard isInverted else { return ranges }
        var gaps: [ClosedRange<UInt16>] = []
        var next = 0
        for range in ranges {
            if next < Int(range.lowerBound) { gaps.append(UInt16(next)...range.lowerBound - 1) }
            next = Int(range.upperBound) + 1
        }
        if next <= 0xFFFF { gaps.append(UInt16(next)...0xFFFF) }
        return gaps
    }

    /// The canonical units of the members, inverted as this is: compare canonical units with it.
    var canonical: UnitSet {
        var plain = self
        plain.isInverted = false
        if plain.beyond.isEmpty {
            let ranges = plain.ranges.map { UnitCase.canonical($0.lowerBound) }.map { $0...$0 }
            return isInverted ? UnitSet(ranges: ranges).inverted : UnitSet(ranges: ranges)
        }
        var members = [Bool](repeating: false, count: 0x10000)
        for range in plain.ranges {
            for unit in range { members[Int(UnitCase.canonical(unit))] = true }
        }
        var ranges: [ClosedRange<UInt16>] = []
        var start: Int?
        for unit in 0...0x10000 {
            let isMember = unit < 0x10000 && members[unit]
            if isMember, start == nil { start = unit }
            if !isMember, let from = start {
                ranges.append(UInt16(from)...UInt16(unit - 1))
                start = nil
            }
        }
        let set = UnitSet(ranges: ranges)
        return isInverted ? set.inverted : set
    }
}
