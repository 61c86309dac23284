/// What it is worth to keep a byte of an entry, as a base-2 logarithm of milliseconds per byte.
///
/// Logarithms are taken piecewise linear between powers of two (error below 0.09, monotone, exact at the powers):
/// some three instructions, and the same on every machine.
package enum EntryValue {
    /// Costs below are taken for this many milliseconds: nothing is free to have again.
    package static let costMin: Float = 1 / 16

    /// Of `cost` milliseconds, finite and not negative, and `size` bytes, at least 1.
    package static func of(cost: Float, size: Int) -> Float { log2(max(cost, costMin)) - log2(Float(size)) }

    /// `number` is positive and finite.
    private static func log2(_ number: Float) -> Float { Float(number.exponent) + number.significand - 1 }

    /// How many times the worth of `mean` an entry has; in [2⁻¹⁶, 2¹⁶], and 1 if they are equal.
    @inline(__always)
    package static func weight(_ value: Float, mean: Float) -> Float {
        let difference = min(max(value - mean, -16), 16)
        let whole = difference.rounded(.down)
        return Float(sign: .plus, exponent: Int(whole), significand: 1 + (difference - whole))
    }
}
