/// Rounding to whole pixels that cannot trap.
///
/// Whatever a URL asks for, results stay within ±`max`, so that sums and differences of a few of them stay far from
/// overflow; what is not a number becomes 0.
package enum Pixels {
    /// A bound far above every picture and far below the range of `Int`.
    package static let max = 1 << 40

    /// Nearest whole number, halves away from zero.
    package static func rounded(_ value: Double) -> Int { clamped(value.rounded(.toNearestOrAwayFromZero)) }

    /// Nearest whole number, halves to the even neighbour.
    package static func evenly(_ value: Double) -> Int { clamped(value.rounded(.toNearestOrEven)) }

    /// Towards zero.
    package static func truncated(_ value: Double) -> Int { clamped(value.rounded(.towardZero)) }

    /// A gravity offset in pixels: of magnitude ≥ 1 it is pixels times `devicePixelRatio`, else a share of `side`.
    package static func offset(_ offset: Double, along side: Int, devicePixelRatio: Double) -> Int {
        evenly(abs(offset) >= 1 ? offset * devicePixelRatio : Double(side) * offset)
    }

    private static func clamped(_ value: Double) -> Int {
        guard !value.isNaN else { return 0 }
        return Int(Swift.min(Swift.max(value, -Double(max)), Double(max)))
    }
}
