/// Counts how often keys come, in fixed memory: a count-min sketch (Cormode and Muthukrishnan, 2005) with conservative
/// update (Estan and Varghese, 2002).
///
/// An estimate is never below the count, and above it by more than e / width of all counts with a probability of less
/// than 1 / e⁴. The seed keeps outsiders from choosing keys that share counters.
struct FrequencySketch: Sendable {
    /// Rows; each has one counter for every key.
    static let depth = 4

    /// A power of two.
    let width: Int
    private let seed: UInt64
    /// Row after row.
    private var counters: [UInt32]

    init(width: Int, seed: UInt64) {
        precondition(width >= 16 && width <= 1 << 20 && width & (width - 1) == 0, "the width is a power of two")
        self.width = width
        self.seed = Mixing.mixed(seed)
        counters = Array(repeating: 0, count: width * Self.depth)
    }

    /// Counts a key `weight` times, at least once, and returns its estimate with them.
    mutating func add(_ key: (high: UInt64, low: UInt64), weight: UInt32 = 1) -> UInt32 {
        var places = places(of: key)
        var least = UInt32.max
        for row in 0..<Self.depth { least = min(least, counters[places.next(row)]) }
        let (sum, overflows) = least.addingReportingOverflow(weight)
        let estimate = overflows ? .max : sum
        places = self.places(of: key)
        for row in 0..<Self.depth {
            let place = places.next(row)
            // A counter that is larger already holds somebody else's count.
            counters[place] = max(counters[place], estimate)
        }
        return estimate
    }

    func estimate(_ key: (high: UInt64, low: UInt64)) -> UInt32 {
        var places = places(of: key)
        var least = UInt32.max
        for row in 0..<Self.depth { least = min(least, counters[places.next(row)]) }
        return least
    }

    /// Halves every count, rounding down.
    mutating func halve() {
        for place in counters.indices { counters[place] >>= 1 }
    }

    private func places(of key: (high: UInt64, low: UInt64)) -> Places {
        Places(first: Mixing.mixed(key.high ^ seed), second: Mixing.mixed(key.low &+ seed) | 1, width: width)
    }

    /// The key's place in row after row, by double hashing.
    private struct Places {
        private var hash: UInt64
        private let step: UInt64
        private let width: Int

        init(first: UInt64, second: UInt64, width: Int) {
            hash = first
            step = second
            self.width = width
        }

        mutating func next(_ row: Int) -> Int {
            defer { hash &+= step }
            return row * width + Int(truncatingIfNeeded: hash >> 40) & (width - 1)
        }
    }
}
