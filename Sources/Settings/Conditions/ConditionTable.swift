package import JSON

/// The targeting conditions of a project, compiled once and evaluated many times, each at most once per request.
///
/// The language is GrowthBook's (a dialect of MongoDB's queries over attributes), and its JavaScript SDK decides what
/// everything means, including what JavaScript's operators do to unlike types. Where that SDK would throw, the whole
/// condition is false. Equal conditions and equal parts of conditions are one entry; attribute paths are numbered, and
/// resolved once per request. Evaluating allocates nothing for ordinary attributes; nothing here fails.
package struct ConditionTable: Sendable {
    /// The groups that `$inGroup` names.
    package let savedGroups: JSONObject

    private var compiler: ConditionCompiler
    private var nodes: [ConditionNode] = []
    /// The node of a condition's text.
    private var indices: [ExactString: Int32] = [:]
    private var paths: [AttributePath] = []
    private var slots: [ExactString: Int32] = [:]
    /// The slots whose path starts with a name.
    private var roots: [ExactString: [Int32]] = [:]

    package init(savedGroups: JSONObject = JSONObject()) {
        self.savedGroups = savedGroups
        compiler = ConditionCompiler(savedGroups: savedGroups)
    }

    /// Distinct conditions, parts included.
    package var count: Int { nodes.count }

    /// Compiles a condition, or finds the equal one.
    ///
    /// Never fails: what JavaScript would throw at is false when evaluated. ``Condition/issues(in:savedGroups:)`` tells
    /// authors.
    package mutating func intern(_ condition: JSONValue) -> ConditionID {
        ConditionID(index: node(condition))
    }

    /// Starts a request: forgets the answers of the one before and finds the attributes that conditions ask for.
    package func begin(_ attributes: JSONObject, _ scratch: inout ConditionScratch) {
        scratch.evaluations = 0
        scratch.budget.refill()
        Self.reset(&scratch.verdicts, to: .unknown, count: nodes.count)
        Self.reset(&scratch.slots, to: .null, count: paths.count)
        if attributes.count <= roots.count * 4 {
            for member in attributes.members {
                guard let slots = roots[member.key] else { continue }
                fill(slots, from: member.value, &scratch)
            }
        } else {
            for (name, slots) in roots {
                if let value = attributes[name] { fill(slots, from: value, &scratch) }
            }
        }
    }

    /// Whether the request's attributes satisfy a condition; computed at most once per request.
    ///
    /// - Precondition: `begin` was called on this table, as it is now, with this scratch.
    package func evaluate(_ id: ConditionID, _ scratch: inout ConditionScratch) -> Bool {
        verdict(id.index, &scratch) == .yes
    }

    private static func reset<Element>(_ array: inout [Element], to value: Element, count: Int) {
        if array.count != count {
            array = [Element](repeating: value, count: count)
        } else {
            for index in array.indices { array[index] = value }
        }
    }

    private func fill(_ slots: [Int32], from value: JSONValue, _ scratch: inout ConditionScratch) {
        for slot in slots { scratch.slots[Int(slot)] = paths[Int(slot)].value(below: value) }
    }

    private func verdict(_ index: Int32, _ scratch: inout ConditionScratch) -> Verdict {
        let known = scratch.verdicts[Int(index)]
        if known != .unknown { return known }
        let verdict = compute(nodes[Int(index)], &scratch)
        scratch.verdicts[Int(index)] = verdict
        scratch.evaluations += 1
        return verdict
    }

    private func compute(_ node: ConditionNode, _ scratch: inout ConditionScratch) -> Verdict {
        switch node {
        case .all(let parts):
            for part in parts {
                let verdict = verdict(part, &scratch)
                if verdict != .yes { return verdict }
            }
            return .yes
        case .any(let parts, let orNone):
            if orNone { return .yes }
            for part in parts {
                let verdict = verdict(part, &scratch)
                if verdict != .no { return verdict }
            }
            return .no
        case .not(let part): return verdict(part, &scratch).negated
        case .attribute(let slot, let test): return test.verdict(scratch.slots[Int(slot)], scratch.budget)
        case .fails: return .fails
        }
    }
}

/// Interning.
extension ConditionTable {
    private mutating func node(_ condition: JSONValue) -> Int32 {
        guard let entries = ConditionShape.entries(of: condition) else { return index(of: "null") { _ in .fails } }
        if entries.count == 1 { return node(of: entries[0]) }
        let parts = entries.map { node(of: $0) }
        return index(of: Self.text("&", parts)) { _ in .all(parts) }
    }

    private mutating func node(of entry: JSONMember) -> Int32 {
        switch entry.key {
        case "$or": return either(entry.value)
        case "$nor": return negation(of: either(entry.value))
        case "$and":
            guard let list = ConditionShape.list(of: entry.value) else { return index(of: "null") { _ in .fails } }
            let parts = nodes(of: list)
            return parts.count == 1 ? parts[0] : index(of: Self.text("&", parts)) { _ in .all(parts) }
        case "$not": return negation(of: node(entry.value))
        default:
            let slot = slot(of: entry.key)
            let text = ExactString("\(slot):" + entry.value.authoredText)
            return index(of: text) { compiler in .attribute(slot: slot, compiler.test(entry.value)) }
        }
    }

    private mutating func either(_ value: JSONValue) -> Int32 {
        guard let list = ConditionShape.list(of: value) else { return index(of: "null") { _ in .fails } }
        let parts = nodes(of: list)
        return index(of: Self.text(list.isEmpty ? "|0" : "|", parts)) { _ in .any(parts, orNone: list.isEmpty) }
    }

    private mutating func negation(of part: Int32) -> Int32 {
        index(of: Self.text("!", [part])) { _ in .not(part) }
    }

    private mutating func nodes(of list: ConditionList) -> [Int32] {
        list.items.map { item in
            guard let item else { return index(of: "null") { _ in .fails } }
            return node(item)
        }
    }

    /// The name of a node that is made of others.
    private static func text(_ operation: String, _ parts: [Int32]) -> ExactString {
        ExactString(operation + parts.map { " \($0)" }.joined())
    }

    private mutating func index(
        of text: ExactString,
        _ make: (inout ConditionCompiler) -> ConditionNode
    ) -> Int32 {
        if let index = indices[text] { return index }
        let index = Int32(nodes.count)
        nodes.append(make(&compiler))
        indices[text] = index
        return index
    }

    private mutating func slot(of path: ExactString) -> Int32 {
        if let slot = slots[path] { return slot }
        let slot = Int32(paths.count)
        paths.append(AttributePath(path))
        slots[path] = slot
        if let root = paths[Int(slot)].components.first { roots[root, default: []].append(slot) }
        return slot
    }
}
