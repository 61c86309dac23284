package import JSON

/// What changed from one features file to another, by settings.
///
/// Two settings are the same if their members have the same values in the same spelling: `1.0` is not `1`, since apps
/// get the authored text. Costs a few passes over both files.
package struct SettingsDiff: Hashable, Sendable {
    /// In the new file's order.
    package var added: [SettingChange] = []
    /// In the old file's order.
    package var removed: [SettingChange] = []
    /// In the new file's order.
    package var changed: [SettingChange] = []
    /// Names of saved groups that came, went or became others, sorted.
    package var groups: [String] = []
    /// Names of other members of the file that came, went or became others, sorted.
    package var members: [String] = []

    package init(from old: JSONValue, to new: JSONValue) {
        let before = old["features"]?.object ?? JSONObject()
        let after = new["features"]?.object ?? JSONObject()
        for member in after.members {
            if let standing = before[member.key] {
                if let change = SettingChange(member.key, from: standing, to: member.value) { changed.append(change) }
            } else {
                added.append(SettingChange(member.key, from: nil, to: member.value) ?? SettingChange(member.key))
            }
        }
        for member in before.members where after[member.key] == nil {
            removed.append(SettingChange(member.key, from: member.value, to: nil) ?? SettingChange(member.key))
        }
        groups = Self.names(
            old["savedGroups"]?.object ?? JSONObject(),
            new["savedGroups"]?.object ?? JSONObject(),
            leavingOut: []
        )
        members = Self.names(
            old.object ?? JSONObject(),
            new.object ?? JSONObject(),
            leavingOut: ["features", "savedGroups"]
        )
    }

    package var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && changed.isEmpty && groups.isEmpty && members.isEmpty
    }

    /// Counts and the first names.
    package var summary: DiffSummary {
        var summary = DiffSummary()
        summary.added = added.count
        summary.removed = removed.count
        summary.changed = changed.count
        summary.rules = (added + removed + changed).reduce(0) { $0 + $1.rulesTouched }
        summary.groups = groups.count
        summary.addedNames = added.prefix(DiffSummary.namesMax).map(\.name)
        summary.removedNames = removed.prefix(DiffSummary.namesMax).map(\.name)
        summary.changedNames = changed.prefix(DiffSummary.namesMax).map(\.name)
        return summary
    }

    /// The keys whose values differ.
    private static func names(_ old: JSONObject, _ new: JSONObject, leavingOut: Set<ExactString>) -> [String] {
        var names: [ExactString] = []
        for member in new.members where old[member.key]?.authoredText != member.value.authoredText {
            names.append(member.key)
        }
        for member in old.members where new[member.key] == nil { names.append(member.key) }
        return names.filter { !leavingOut.contains($0) }.sorted().map(\.text)
    }
}
