/// Logarithms in whole numbers, so that every processor and every C library gives the same bits.
struct BinaryLogarithm: Sendable {
    static let shared = BinaryLogarithm()

    /// Bits after the binary point.
    static let fractionBits = 40

    private static let stepBits = 8

    /// log₂(1 + i / 256) for i in 0...256.
    private let table: [UInt64] = (0...256).map { step in
        step == 256 ? 1 << fractionBits : fraction(of: UInt64(256 + step) << 55)
    }

    private init() {}

    /// −log₂((hash + 1) / 2⁶⁴), at least 0 and at most 64; a larger hash never gives a larger result.
    ///
    /// Between 256 exact points per octave it goes straight: at most 3 · 10⁻⁶ too large.
    func negated(ofShare hash: UInt64) -> UInt64 {
        guard hash != .max else { return 0 }
        let value = hash + 1
        let zeros = value.leadingZeroBitCount
        let fraction = (value << UInt64(zeros)) << 1
        let step = Int(fraction >> UInt64(64 - Self.stepBits))
        let rest = (fraction << UInt64(Self.stepBits)) >> 40
        let low = table[step]
        let high = table[step + 1]
        return UInt64(zeros + 1) << UInt64(Self.fractionBits) - (low + ((high - low) * rest) >> 24)
    }

    /// log₂ of a number in [1, 2), given in units of 2⁻⁶³: squared once for each bit of the result.
    private static func fraction(of number: UInt64) -> UInt64 {
        var number = number
        var result: UInt64 = 0
        for _ in 0..<fractionBits {
            let square = number.multipliedFullWidth(by: number)
            let isTwoOrMore = square.high >> 63 == 1
            result = result << 1 | (isTwoOrMore ? 1 : 0)
            number = isTwoOrMore ? square.high : square.high << 1 | square.low >> 63
        }
        return result
    }
}
