/// Which share of users a forced value is for.
struct RolloutRow: Sendable {
    let slot: Int32
    /// The attribute to hash where the first is empty and assignments are stored; −1 for none.
    let fallback: Int32
    let seed: Int32
    /// 0 for one that does not exist.
    let version: UInt8
    /// Whether `low` and `high` count, or `coverage`.
    let isRange: Bool
    /// Nobody, without looking at the attribute.
    let isEmpty: Bool
    /// Inclusive.
    let coverage: Double
    let low: Double
    let high: Double
}
