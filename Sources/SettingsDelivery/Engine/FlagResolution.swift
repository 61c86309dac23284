package import JSON

/// One setting as OpenFeature sees it.
package struct FlagResolution: Equatable, Sendable {
    /// Why it has its value (OpenFeature specification, types, Resolution Reason).
    package enum Reason: String, Sendable {
        /// It has no rules.
        case fixed = "STATIC"
        /// It has rules, and none of them applied.
        case byDefault = "DEFAULT"
        case targetingMatch = "TARGETING_MATCH"
        /// An experiment or a share of users decided.
        case split = "SPLIT"
        /// It is killed, outside of its schedule, or a prerequisite does not hold.
        case disabled = "DISABLED"
        case unknown = "UNKNOWN"
    }

    package let name: ExactString
    /// JSON text; `nil` when there is no value, and then the code's own default counts.
    package let value: [UInt8]?
    package let reason: Reason
    /// The variation's key, the rule's id, or `default`; never absent, for clients do not expect it to be.
    package let variant: ExactString
    /// Why it could not be evaluated; the others are not touched by it.
    package let failure: String?

    package init(name: ExactString, value: [UInt8]?, reason: Reason, variant: ExactString, failure: String? = nil) {
        self.name = name
        self.value = value
        self.reason = reason
        self.variant = variant
        self.failure = failure
    }
}
