/// One setting in ``RuleTables``.
struct FeatureRow: Sendable {
    let rules: Range<Int32>
    /// −1 for always.
    let schedule: Int32
    let isKnown: Bool
    let isKilled: Bool
    let isMalformed: Bool
    /// Whether it is among its own prerequisites, or one of them is among its own.
    let reachesCycle: Bool
    let hasDefault: Bool
}
