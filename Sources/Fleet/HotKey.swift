/// A key that is asked for often, with what is known about how often.
package struct HotKey: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64
    /// Estimated requests, older ones counted less; never too low by more than the rounding of the decay.
    package let count: Int
    /// Of all recent requests, in [0, 1].
    package let share: Double
}
