package import JSON

/// A user is in an experiment: what exposures, tracks and stored assignments are made of.
///
/// Passed-through ones (holdouts) are among them: they are exposures although the value comes from a later rule.
package struct ExperimentAssignment: Sendable {
    /// Index of the setting in the tables' document.
    package let feature: Int
    /// Index of the rule in the setting.
    package let rule: Int
    package let experimentKey: ExactString
    /// Index of the variation.
    package let variation: Int
    /// The variation's key: from `meta`, else the index as text.
    package let variationKey: ExactString
    package let hashAttribute: ExactString
    /// As text, the way sticky documents spell it.
    package let hashValue: ExactString
    /// In [0, 1).
    package let bucket: Double
    package let stickyBucketUsed: Bool
    package let isPassthrough: Bool
}
