/// What trying an expression on a text gave.
package struct PatternTrial: Equatable, Sendable {
    package let matches: Bool
    /// Instructions executed.
    package let steps: Int
    /// Whether it stopped because of ``Pattern/stepsMax(units:)``.
    package let isExhausted: Bool
}
