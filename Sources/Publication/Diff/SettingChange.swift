import JSON

/// What happened to one setting between two features files.
package struct SettingChange: Hashable, Sendable {
    /// A default value's text is cut to so many bytes, at a character's end.
    package static let valueBytesMax = 200

    package var name: String
    /// The default value as authored, compact and cut; `nil` if there was (is) no such setting or default.
    package var oldDefault: String?
    package var newDefault: String?
    /// Rules that came, went, and became others in their place.
    package var rulesAdded = 0
    package var rulesRemoved = 0
    package var rulesChanged = 0
    /// Whether the same rules are in another order.
    package var isReordered = false
    /// Names of the members that differ, `rules` and `defaultValue` among them, sorted.
    package var members: [String] = []

    init(_ name: ExactString) { self.name = name.text }

    /// `nil` if nothing differs.
    init?(_ name: ExactString, from old: JSONValue?, to new: JSONValue?) {
        guard old?.authoredText != new?.authoredText else { return nil }
        self.init(name)
        let before = old?.object ?? JSONObject()
        let after = new?.object ?? JSONObject()
        oldDefault = before["defaultValue"].map(Self.clipped)
        newDefault = after["defaultValue"].map(Self.clipped)
        var keys: Set<ExactString> = []
        for member in before.members where after[member.key]?.authoredText != member.value.authoredText {
            keys.insert(member.key)
        }
        for member in after.members where before[member.key] == nil { keys.insert(member.key) }
        members = keys.sorted().map(\.text)
        count(
            (before["rules"]?.array ?? []).map(\.authoredText).map { Array($0.utf8) },
            (after["rules"]?.array ?? []).map(\.authoredText).map { Array($0.utf8) }
        )
    }

    /// How many rules the change is about.
    package var rulesTouched: Int { rulesAdded + rulesRemoved + rulesChanged + (isReordered ? 1 : 0) }

    /// Counts what differs between the first and the last rule that does.
    private mutating func count(_ old: [[UInt8]], _ new: [[UInt8]]) {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        let before = old[head..<(old.count - tail)]
        let after = new[head..<(new.count - tail)]
        if before.isEmpty, after.isEmpty { return }
        // Rules that are in both stay what they are; the rest is paired off in order.
        var counts: [[UInt8]: Int] = [:]
        for rule in before { counts[rule, default: 0] += 1 }
        var same = 0
        for rule in after {
            if let count = counts[rule], count > 0 {
                counts[rule] = count - 1
                same += 1
            }
        }
        let gone = before.count - same
        let come = after.count - same
        rulesChanged = min(gone, come)
        rulesRemoved = gone - rulesChanged
        rulesAdded = come - rulesChanged
        isReordered = gone == 0 && come == 0
    }

    private static func clipped(_ value: JSONValue) -> String {
        let text = value.authoredText
        guard text.utf8.count > valueBytesMax else { return text }
        var cut = ""
        for character in text {
            if cut.utf8.count + character.utf8.count > valueBytesMax { break }
            cut.append(character)
        }
        return cut + "\u{2026}"
    }
}
