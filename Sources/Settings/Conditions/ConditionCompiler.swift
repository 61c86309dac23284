import JSON

/// Turns conditions into trees and tests; keeps the sets of groups so that each is made once.
struct ConditionCompiler: Sendable {
    private let savedGroups: JSONObject
    private var groups: [ExactString: MemberSet] = [:]

    init(savedGroups: JSONObject) {
        self.savedGroups = savedGroups
    }

    mutating func tree(_ condition: JSONValue) -> ConditionTree {
        guard let entries = ConditionShape.entries(of: condition) else { return .fails }
        let parts = entries.map { tree(of: $0) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func tree(of entry: JSONMember) -> ConditionTree {
        switch entry.key {
        case "$or": return either(entry.value)
        case "$nor": return .not(either(entry.value))
        case "$and":
            guard let list = ConditionShape.list(of: entry.value) else { return .fails }
            return .all(trees(list))
        case "$not": return .not(tree(entry.value))
        default: return .attribute(AttributePath(entry.key), test(entry.value))
        }
    }

    private mutating func either(_ value: JSONValue) -> ConditionTree {
        guard let list = ConditionShape.list(of: value) else { return .fails }
        return .any(trees(list), orNone: list.isEmpty)
    }

    private mutating func trees(_ list: ConditionList) -> [ConditionTree] {
        list.items.map { item in item.map { tree($0) } ?? .fails }
    }

    /// The condition on one value; only texts are compared without case.
    mutating func test(_ condition: JSONValue, ignoringCase: Bool = false) -> ValueTest {
        switch condition {
        case .null: return .null
        case .bool(let flag): return .flag(flag)
        case .number(let number): return .number(number.double)
        case .string(let text): return ignoringCase ? .foldedText(text.lowercased) : .text(text)
        case .array: return .sameText(condition)
        case .object(let object):
            guard ConditionShape.isOperators(condition) else { return .sameText(condition) }
            let tests = object.members.map { operation($0.key, $0.value) }
            return tests.count == 1 ? tests[0] : .every(tests)
        }
    }

    private mutating func operation(_ name: ExactString, _ operand: JSONValue) -> ValueTest {
        switch name {
        case "$veq": .version(.equal, PaddedVersion.units(of: operand))
        case "$vne": .version(.notEqual, PaddedVersion.units(of: operand))
        case "$vgt": .version(.greater, PaddedVersion.units(of: operand))
        case "$vgte": .version(.greaterOrEqual, PaddedVersion.units(of: operand))
        case "$vlt": .version(.less, PaddedVersion.units(of: operand))
        case "$vlte": .version(.lessOrEqual, PaddedVersion.units(of: operand))
        case "$eq": .identical(operand, expected: true)
        case "$ne": .identical(operand, expected: false)
        case "$lt": .less(operand)
        case "$lte": .lessOrEqual(operand)
        case "$gt": .greater(operand)
        case "$gte": .greaterOrEqual(operand)
        case "$exists": .exists(JSCoercion.truth(operand))
        case "$not": .not(test(operand))
        case "$size": .size(test(operand))
        case "$elemMatch": element(operand)
        case "$regex": pattern(operand, ignoringCase: false)
        case "$regexi": pattern(operand, ignoringCase: true)
        case "$type": operand.string.map { .type($0) } ?? .never
        case "$inGroup": group(operand, expected: true)
        case "$notInGroup": group(operand, expected: false)
        default: listOperation(name, operand)
        }
    }

    private mutating func listOperation(_ name: ExactString, _ operand: JSONValue) -> ValueTest {
        guard case .array(let elements) = operand else { return .never }
        switch name {
        case "$in": return .member(MemberSet(elements), expected: true)
        case "$nin": return .member(MemberSet(elements), expected: false)
        case "$ini": return .member(MemberSet(elements, ignoringCase: true), expected: true)
        case "$nini": return .member(MemberSet(elements, ignoringCase: true), expected: false)
        case "$all": return .elements(elements.map { test($0) })
        case "$alli": return .elements(elements.map { test($0, ignoringCase: true) })
        default: return .never
        }
    }

    private mutating func element(_ operand: JSONValue) -> ValueTest {
        if operand.isNull { return .elementOfNothing }
        return ConditionShape.isOperators(operand) ? .element(test(operand)) : .elementObject(tree(operand))
    }

    private func pattern(_ operand: JSONValue, ignoringCase: Bool) -> ValueTest {
        guard case .string(let source) = operand else { return .never }
        do throws(PatternError) {
            return .pattern(try Pattern(authored: source, ignoringCase: ignoringCase))
        } catch {
            // JavaScript's answer too; authors hear of it through the issues.
            return .never
        }
    }

    private mutating func group(_ operand: JSONValue, expected: Bool) -> ValueTest {
        guard let name = JSCoercion.string(operand) else { return .ofNoList(expected: expected) }
        if let set = groups[name] { return .member(set, expected: expected) }
        guard let group = savedGroups[name], JSCoercion.truth(group) else {
            return .member(MemberSet([]), expected: expected)
        }
        switch group {
        case .array(let elements):
            let set = MemberSet(elements)
            groups[name] = set
            return .member(set, expected: expected)
        case .string(let text): return .part(text, expected: expected)
        default: return .ofNoList(expected: expected)
        }
    }
}
