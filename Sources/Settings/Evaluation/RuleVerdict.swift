package import JSON

/// What became of one rule.
package enum RuleVerdict: Equatable, Sendable {
    /// It decided.
    case matched
    case killed
    case outsideSchedule
    /// A prerequisite did not hold.
    case prerequisite(ExactString)
    case filteredOut
    case conditionFailed
    /// Not among the covered share, or without the attribute to hash.
    case notInRollout
    /// Neither a value nor variations.
    case noValue
    /// In the experiment, but the variation leaves the value to later rules.
    case passedThrough
    case notInExperiment(ExperimentResult.Reason)
    case malformed
}
