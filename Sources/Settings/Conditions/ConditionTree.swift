import JSON

/// A condition compiled by itself, evaluated on any value.
indirect enum ConditionTree: Sendable {
    case all([ConditionTree])
    /// One of them; of none only when `orNone`.
    case any([ConditionTree], orNone: Bool)
    case not(ConditionTree)
    case attribute(AttributePath, ValueTest)
    case fails

    func verdict(_ root: JSONValue, _ budget: PatternBudget) -> Verdict {
        switch self {
        case .all(let parts):
            for part in parts {
                let verdict = part.verdict(root, budget)
                if verdict != .yes { return verdict }
            }
            return .yes
        case .any(let parts, let orNone):
            if orNone { return .yes }
            for part in parts {
                let verdict = part.verdict(root, budget)
                if verdict != .no { return verdict }
            }
            return .no
        case .not(let part): return part.verdict(root, budget).negated
        case .attribute(let path, let test): return test.verdict(path.value(in: root), budget)
        case .fails: return .fails
        }
    }
}
