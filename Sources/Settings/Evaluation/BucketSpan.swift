/// A part of [0, 1): from `low`, to before `high`.
///
/// NaN where the reference compares with something that is no number.
struct BucketSpan: Sendable {
    let low: Double
    let high: Double
    /// The reference throws when it gets here.
    let isMalformed: Bool

    @inline(__always)
    func contains(_ number: Double) -> Bool {
        number >= low && number < high
    }
}
