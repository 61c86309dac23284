package import JSON

/// One setting, as authored, with the places of its values.
package struct AuthoredFeature: Sendable {
    package let key: ExactString
    package let source: JSONValue
    /// False for what the reference takes for no setting at all (`null`, `false`, `0`, `""`).
    package let isKnown: Bool
    package let defaultValue: ValueID
    package let rules: [AuthoredRule]
    /// `rules` is something that the reference throws at.
    package let hasMalformedRules: Bool
    /// `x-kill`: the default is served, whatever the rules say.
    package let isKilled: Bool
    /// When the rules count.
    package let schedule: Schedule?
    /// `x-owner`.
    package let owner: ExactString?
    /// `x-placeholders`: `{{path}}` in strings of the values stands for an attribute.
    package let hasPlaceholders: Bool

    /// Whether the value can depend on the context.
    package var isRuled: Bool { !rules.isEmpty && !isKilled }

    /// The default, then the values of each rule in order: what the setting can be.
    package var candidates: [ValueID] {
        var all = [defaultValue]
        for rule in rules {
            if let force = rule.force { all.append(force) }
            all += rule.variations
        }
        return all
    }
}
