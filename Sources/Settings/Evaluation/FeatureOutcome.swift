package import JSON

/// What one setting is for one context, and why.
package struct FeatureOutcome: Sendable {
    /// The reference's words.
    package enum Source: String, Sendable {
        case unknownFeature, defaultValue, force, experiment, override, prerequisite, cyclicPrerequisite
    }

    package enum Value: Sendable {
        /// One of the setting's candidates, by its place in ``FeaturesDocument/candidates(of:)``.
        case candidate(ordinal: Int, ValueID)
        /// A value from the context (`forcedFeatures`).
        case given(JSONValue)
        /// No value: `null`.
        case null
        /// JavaScript's `undefined`: a forced variation that does not exist.
        case undefined
    }

    package let value: Value
    package let source: Source
    /// The rule that decided, by its index; `nil` when none did.
    package let rule: Int?
    /// The rule's `id` as authored; `nil` when it has none.
    package let ruleID: JSONValue?
    /// Of the experiment that decided.
    package let experiment: ExperimentResult?
    /// Why each rule before the deciding one did not, and why the deciding one did; in order of the rules.
    package let verdicts: [RuleVerdict]
    /// Where the reference would have thrown; the value is then the default.
    package let fault: EvaluationFault?

    init(
        _ value: Value,
        _ source: Source,
        rule: Int? = nil,
        ruleID: JSONValue? = nil,
        experiment: ExperimentResult? = nil,
        verdicts: [RuleVerdict] = [],
        fault: EvaluationFault? = nil
    ) {
        self.value = value
        self.source = source
        self.rule = rule
        self.ruleID = ruleID
        self.experiment = experiment
        self.verdicts = verdicts
        self.fault = fault
    }
}
