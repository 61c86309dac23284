/// One rule in ``RuleTables``; −1 for an index that is not there.
struct RuleRow: Sendable {
    enum Kind: UInt8, Sendable {
        case force, experiment, noValue, malformed
    }

    let kind: Kind
    let isKilled: Bool
    /// `parentConditions` that the reference throws at.
    let hasMalformedParents: Bool
    /// `filters` that the reference throws at.
    let hasMalformedFilters: Bool
    /// Ordinal of the forced value.
    let candidate: UInt16
    let condition: Int32
    let rollout: Int32
    let experiment: Int32
    let schedule: Int32
    let parents: Range<Int32>
    let filters: Range<Int32>
}
