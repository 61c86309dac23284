/// How often ids were seen lately, in 4 bits each, by a count-min sketch with conservative update that ages.
///
/// After Cormode and Muthukrishnan (2005) and Einziger, Friedman and Manes, "TinyLFU" (2017): four rows, and all
/// counters are halved after three times as many sightings as there are counters in a row (ten was worse on every
/// trace at hand). Never says less than was seen since, up to 15.
struct FrequencySketch: Sendable {
    private let hash: KeyedHash
    /// Four rows, one after the other.
    private var counters: [UInt8]
    private var width: Int
    private var sightings = 0

    init(seed: UInt64) {
        hash = KeyedHash(seed: seed ^ 0x5851_f42d_4c95_7f2d)
        width = 64
        counters = Array(repeating: 0, count: 4 * width)
    }

    /// Grows so that `entries` ids are told apart; what was counted stays.
    mutating func makeRoom(for entries: Int) {
        while width < entries {
            var wider: [UInt8] = []
            wider.reserveCapacity(counters.count * 2)
            for row in 0..<4 {
                wider += counters[row * width..<(row + 1) * width]
                wider += counters[row * width..<(row + 1) * width]
            }
            counters = wider
            width *= 2
        }
    }

    func estimate(_ id: UInt64) -> UInt8 {
        let hashed = hash(id)
        return (0..<4).reduce(UInt8.max) { min($0, counters[place(hashed, row: $1)]) }
    }

    mutating func see(_ id: UInt64) {
        let hashed = hash(id)
        let least = (0..<4).reduce(UInt8.max) { min($0, counters[place(hashed, row: $1)]) }
        guard least < 15 else { return }
        for row in 0..<4 where counters[place(hashed, row: row)] == least {
            counters[place(hashed, row: row)] = least + 1
        }
        sightings += 1
        guard sightings >= 3 * width else { return }
        sightings /= 2
        for index in counters.indices { counters[index] >>= 1 }
    }

    @inline(__always)
    private func place(_ hashed: UInt64, row: Int) -> Int {
        row * width + Int(truncatingIfNeeded: hashed >> UInt64(row * 16) ^ hashed << 5) & (width - 1)
    }
}
