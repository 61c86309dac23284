package import JSON

/// What an experiment gave a context: the reference's result, and why.
package struct ExperimentResult: Sendable {
    /// Why, in the order in which the reference asks.
    package enum Reason: String, Sendable {
        case tooFewVariations, disabled, urlNotTargeted, forcedByURL, forcedByContext, inactive, noHashAttribute
        case filteredOut, notInNamespace, notIncluded, conditionFailed, prerequisite, notInGroup, badHashVersion
        case blockedBucketVersion, notCovered, forced, qaMode, stopped, assigned, stickyAssigned
    }

    package let reason: Reason
    package let inExperiment: Bool
    package let hashUsed: Bool
    /// A whole number but where a forced variation is something else.
    package let variationID: JSONValue
    /// The variation's key: `meta`'s, else the index as text.
    package let key: JSONValue
    package let name: JSONValue?
    package let passthrough: JSONValue?
    /// The attribute that was hashed, as authored.
    package let hashAttribute: JSONValue
    package let hashValue: JSONValue
    /// In [0, 1); `nil` when the bucket did not decide.
    package let bucket: Double?
    package let stickyBucketUsed: Bool
    /// Index of the variation's value; `nil` when there is none.
    package let variation: Int?
    package let value: ValueID
    /// What the experiment's contextual bandit chose; also for who was not hashed, whose result does not say it.
    package let bandit: BanditSelection?

    /// What the result says of the bandit: only what a bucket decided is an exposure to it.
    package var exposedBandit: BanditSelection? { inExperiment && hashUsed ? bandit : nil }
}
