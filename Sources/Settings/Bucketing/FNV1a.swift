import JSON

/// The 32-bit FNV-1a hash over UTF-16 code units (one step for each unit, not for each byte), as the reference computes
/// it.
struct FNV1a: Sendable {
    static let basis: UInt32 = 0x811C_9DC5
    private static let prime: UInt32 = 0x0100_0193

    var state = FNV1a.basis

    @inline(__always)
    mutating func add(_ unit: UInt16) {
        state = (state ^ UInt32(unit)) &* Self.prime
    }

    @inline(__always)
    mutating func add(_ units: ArraySlice<UInt16>) {
        for unit in units { add(unit) }
    }

    mutating func add(_ text: ExactString) {
        var hash = self
        text.forEachUnit { hash.add($0) }
        self = hash
    }

    /// Adds the decimal digits of a number.
    @inline(__always)
    mutating func add(digitsOf number: UInt32) {
        var divisor: UInt32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            add(UInt16(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
    }
}
