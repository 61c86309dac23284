/// How many settings a publish changed, and the first few of their names.
package struct DiffSummary: Hashable, Sendable, Codable {
    /// The most names kept of each kind.
    package static let namesMax = 20

    /// Counts of settings.
    package var added = 0
    package var removed = 0
    package var changed = 0
    /// Rules that came, went or became others, in all settings.
    package var rules = 0
    /// Saved groups that came, went or became others.
    package var groups = 0
    package var addedNames: [String] = []
    package var removedNames: [String] = []
    package var changedNames: [String] = []

    package init() {}

    /// Such as `+3 −1 ~12 settings`.
    package var text: String {
        var text = "+\(added) \u{2212}\(removed) ~\(changed) settings, \(rules) rules"
        if groups > 0 { text += ", \(groups) groups" }
        return text
    }
}
