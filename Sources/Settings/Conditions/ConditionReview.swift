import JSON

/// Collects what the author of a condition should know.
struct ConditionReview {
    private static let types: Set<ExactString> = [
        "string", "number", "boolean", "array", "object", "null", "undefined",
    ]

    private let savedGroups: JSONObject
    private var path: [ExactString] = []
    private(set) var issues: [ConditionIssue] = []

    init(savedGroups: JSONObject) {
        self.savedGroups = savedGroups
    }

    mutating func condition(_ condition: JSONValue) {
        guard case .object(let object) = condition else {
            add(.wrongType(expected: "an object"))
            return
        }
        for member in object.members { inside(member.key) { $0.entry(member) } }
    }

    private mutating func add(_ kind: ConditionIssue.Kind) {
        issues.append(ConditionIssue(kind: kind, path: path))
    }

    private mutating func inside(_ key: ExactString, _ review: (inout ConditionReview) -> Void) {
        path.append(key)
        review(&self)
        path.removeLast()
    }

    private mutating func entry(_ member: JSONMember) {
        switch member.key {
        case "$or", "$nor", "$and":
            guard case .array(let conditions) = member.value else {
                add(.wrongType(expected: "a list of conditions"))
                return
            }
            for (index, item) in conditions.enumerated() { inside(ExactString("\(index)")) { $0.condition(item) } }
        case "$not": condition(member.value)
        default:
            if member.key.starts(with: UInt8(ascii: "$")) { add(.unknownOperator) }
            value(member.value)
        }
    }

    /// A condition on one value.
    private mutating func value(_ condition: JSONValue) {
        guard case .object(let object) = condition else { return }
        guard ConditionShape.isOperators(condition) else {
            if object.members.contains(where: { $0.key.starts(with: UInt8(ascii: "$")) }) { add(.mixedOperators) }
            return
        }
        for member in object.members { inside(member.key) { $0.operation(member.key, member.value) } }
    }

    private mutating func operation(_ name: ExactString, _ operand: JSONValue) {
        switch name {
        case "$eq", "$ne":
            if operand.array != nil || operand.object != nil { add(.wrongType(expected: "a text, number or boolean")) }
        case "$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte", "$lt", "$lte", "$gt", "$gte":
            if operand.string == nil, operand.double == nil { add(.wrongType(expected: "a text or a number")) }
        case "$exists": if operand.bool == nil { add(.wrongType(expected: "true or false")) }
        case "$in", "$nin", "$ini", "$nini": if operand.array == nil { add(.wrongType(expected: "a list")) }
        case "$all", "$alli": each(operand)
        case "$not", "$size": value(operand)
        case "$elemMatch": ConditionShape.isOperators(operand) ? value(operand) : condition(operand)
        case "$regex", "$regexi": pattern(operand, ignoringCase: name == "$regexi")
        case "$inGroup", "$notInGroup": group(operand)
        case "$type":
            if operand.string.map(Self.types.contains) != true { add(.wrongType(expected: "the name of a type")) }
        default: add(.unknownOperator)
        }
    }

    private mutating func each(_ operand: JSONValue) {
        guard case .array(let elements) = operand else {
            add(.wrongType(expected: "a list"))
            return
        }
        for (index, element) in elements.enumerated() { inside(ExactString("\(index)")) { $0.value(element) } }
    }

    private mutating func pattern(_ operand: JSONValue, ignoringCase: Bool) {
        guard case .string(let source) = operand else {
            add(.wrongType(expected: "a regular expression"))
            return
        }
        do throws(PatternError) {
            _ = try Pattern(authored: source, ignoringCase: ignoringCase)
        } catch {
            add(.badPattern(error))
        }
    }

    private mutating func group(_ operand: JSONValue) {
        guard case .string(let name) = operand else {
            add(.wrongType(expected: "the name of a group"))
            return
        }
        guard let group = savedGroups[name] else {
            add(.unknownGroup(name))
            return
        }
        if group.array == nil { add(.wrongType(expected: "a group that is a list")) }
    }
}
