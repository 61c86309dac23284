/// A fast 128-bit hash of words and texts, the same on every node.
///
/// Two lanes, each folding a 64 × 64 → 128 bit product per word. Good against chance, not against someone who looks
/// for collisions: it names answers within one release, whose values their owner wrote.
struct Fingerprint: Sendable, Equatable {
    private(set) var high: UInt64 = 0x243F_6A88_85A3_08D3
    private(set) var low: UInt64 = 0x1319_8A2E_0370_7344

    init() {}

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    mutating func combine(_ word: UInt64) {
        high = Self.fold(high ^ word, 0x9E37_79B9_7F4A_7C15) &+ 0xA409_3822_299F_31D0
        low = Self.fold(low &+ word, 0xD6E8_FEB8_6659_FD93) ^ (low &<< 23 | low &>> 41)
    }

    /// A text with its length, so that neighbours cannot trade bytes.
    mutating func combine(_ bytes: [UInt8]) {
        combine(UInt64(bytes.count))
        var index = 0
        while index < bytes.count {
            var word: UInt64 = 0
            for place in 0..<min(8, bytes.count - index) {
                word |= UInt64(bytes[index + place]) &<< (8 &* UInt64(place))
            }
            combine(word)
            index += 8
        }
    }

    /// Mixes what the last words have left in the low bits; the value to use.
    var digest: (high: UInt64, low: UInt64) {
        var last = self
        last.combine(0x5851_F42D_4C95_7F2D)
        last.combine(last.high ^ last.low)
        return (last.high, last.low)
    }
}
