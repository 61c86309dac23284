package import JSON

/// One rule of a setting, as authored, with the places of its values.
package struct AuthoredRule: Sendable {
    package let source: JSONValue
    /// Of `force`; `nil` when the rule has none.
    package let force: ValueID?
    /// Of `variations`, in order.
    package let variations: [ValueID]
    /// The ordinal of the rule's first value among the setting's candidates: `force` first, then the variations.
    package let firstCandidate: Int
    /// `x-kill`: the rule does not count.
    package let isKilled: Bool
    package let schedule: Schedule?

    /// Where a rule's variations are: those of a contextual bandit have a name of their own, so that SDKs without
    /// bandits leave the rule out.
    static func variationsKey(of source: JSONValue) -> ExactString {
        ScriptValue.truthy(source["contextualVariations"]) == nil ? "variations" : "contextualVariations"
    }
}
