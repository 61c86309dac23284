import JSON

/// Evaluates the parts of a condition that known attributes decide, and leaves the others as they are.
///
/// What JavaScript would throw at is left, too: it decides the whole condition, whatever is around it.
struct ConditionSpecialiser {
    private let known: JSONObject
    private var compiler: ConditionCompiler

    init(known: JSONObject, savedGroups: JSONObject) {
        self.known = known
        compiler = ConditionCompiler(savedGroups: savedGroups)
    }

    mutating func specialised(_ condition: JSONValue) -> SpecialisedCondition {
        guard case .object(let object) = condition else { return .remaining(condition) }
        var rest = JSONObject()
        for entry in object.javaScriptOrder {
            switch specialised(entry) {
            case .always: continue
            case .never: return .never
            case .remaining(let value): rest[entry.key] = value
            }
        }
        return rest.isEmpty ? .always : .remaining(.object(rest))
    }

    /// One entry; what remains is its value.
    private mutating func specialised(_ entry: JSONMember) -> SpecialisedCondition {
        switch entry.key {
        case "$and": return list(entry.value, decidedBy: .never, otherwise: .always)
        case "$or": return list(entry.value, decidedBy: .always, otherwise: .never)
        case "$nor":
            switch list(entry.value, decidedBy: .always, otherwise: .never) {
            case .always: return .never
            case .never: return .always
            case .remaining(let rest): return .remaining(rest)
            }
        case "$not":
            switch specialised(entry.value) {
            case .always: return .never
            case .never: return .always
            case .remaining(let rest): return .remaining(rest)
            }
        default: return attribute(entry)
        }
    }

    private mutating func list(
        _ value: JSONValue,
        decidedBy decisive: SpecialisedCondition,
        otherwise: SpecialisedCondition
    ) -> SpecialisedCondition {
        guard case .array(let conditions) = value else { return .remaining(value) }
        // An empty list satisfies `$or` as well as `$and`.
        if conditions.isEmpty { return .always }
        var rest: [JSONValue] = []
        for condition in conditions {
            let outcome = specialised(condition)
            if outcome == decisive { return decisive }
            if case .remaining(let condition) = outcome { rest.append(condition) }
        }
        return rest.isEmpty ? otherwise : .remaining(.array(rest))
    }

    private mutating func attribute(_ entry: JSONMember) -> SpecialisedCondition {
        let path = AttributePath(entry.key)
        guard let first = path.components.first, let value = known[first] else { return .remaining(entry.value) }
        switch compiler.test(entry.value).verdict(path.value(below: value), PatternBudget()) {
        case .yes: return .always
        case .no: return .never
        case .fails, .unknown: return .remaining(entry.value)
        }
    }
}
