import JSON

extension ValueTest {
    /// Whether a value satisfies it.
    func verdict(_ actual: JSONValue, _ budget: PatternBudget) -> Verdict {
        switch self {
        case .text(let expected):
            if case .string(let text) = actual { return Verdict(text == expected) }
            return Verdict(JSCoercion.string(actual).map { $0 == expected })
        case .foldedText(let expected): return Verdict(JSCoercion.string(actual).map { $0.lowercased == expected })
        case .number(let expected): return Verdict(JSCoercion.number(actual).map { $0 == expected })
        case .flag(let expected): return Verdict(!actual.isNull && JSCoercion.truth(actual) == expected)
        case .null: return Verdict(actual.isNull)
        case .sameText(let expected): return Verdict(JSCoercion.sameText(actual, expected))
        case .every(let tests): return Self.all(tests, actual, budget)
        case .version(let order, let expected): return Verdict(order.holds(PaddedVersion.units(of: actual), expected))
        case .identical(let other, let expected): return Verdict(JSCoercion.identical(actual, other) == expected)
        case .less(let bound): return Verdict(JSCoercion.less(actual, bound))
        case .lessOrEqual(let bound): return Verdict(JSCoercion.lessOrEqual(actual, bound))
        case .greater(let bound): return Verdict(JSCoercion.less(bound, actual))
        case .greaterOrEqual(let bound): return Verdict(JSCoercion.lessOrEqual(bound, actual))
        case .exists(let expected): return Verdict(actual.isNull != expected)
        case .member(let set, let expected): return Verdict(set.meets(actual) == expected)
        case .part(let whole, let expected):
            let found = Self.isPart(actual, of: whole)
            return expected ? found : found.negated
        case .ofNoList(let expected):
            guard case .array(let elements) = actual, elements.isEmpty else { return .fails }
            return Verdict(!expected)
        case .not(let test): return test.verdict(actual, budget).negated
        case .size, .element, .elementObject, .elementOfNothing, .elements: return ofArray(actual, budget)
        case .pattern(let pattern):
            return Verdict(JSCoercion.string(actual).map { budget.matches(pattern, $0) } ?? false)
        case .type(let name): return Verdict(Self.type(of: actual) == name)
        case .never: return .no
        }
    }

    private static func all(_ tests: [ValueTest], _ actual: JSONValue, _ budget: PatternBudget) -> Verdict {
        for test in tests {
            let verdict = test.verdict(actual, budget)
            if verdict != .yes { return verdict }
        }
        return .yes
    }

    /// The tests that only arrays satisfy.
    private func ofArray(_ actual: JSONValue, _ budget: PatternBudget) -> Verdict {
        guard case .array(let elements) = actual else { return .no }
        switch self {
        case .size(let test): return test.verdict(.number(elements.count), budget)
        case .element(let test): return Self.any(elements) { JSCoercion.truth($0) ? test.verdict($0, budget) : .no }
        case .elementObject(let tree):
            return Self.any(elements) { JSCoercion.truth($0) ? tree.verdict($0, budget) : .no }
        case .elementOfNothing: return .fails
        case .elements(let tests):
            for test in tests {
                let verdict = Self.any(elements) { test.verdict($0, budget) }
                if verdict != .yes { return verdict }
            }
            return .yes
        default: return .no
        }
    }

    private static func any(_ elements: [JSONValue], _ test: (JSONValue) -> Verdict) -> Verdict {
        for element in elements {
            let verdict = test(element)
            if verdict != .no { return verdict }
        }
        return .no
    }

    /// `whole.includes(actual)`, or of any element of an array.
    private static func isPart(_ actual: JSONValue, of whole: ExactString) -> Verdict {
        if case .array(let elements) = actual {
            return any(elements) { element in Verdict(JSCoercion.string(element).map { contains(whole, $0) }) }
        }
        return Verdict(JSCoercion.string(actual).map { contains(whole, $0) })
    }

    private static func contains(_ whole: ExactString, _ part: ExactString) -> Bool {
        let whole = whole.units
        let part = part.units
        guard part.count <= whole.count else { return false }
        return (0...whole.count - part.count).contains { whole[$0..<$0 + part.count].elementsEqual(part) }
    }

    private static func type(of value: JSONValue) -> ExactString {
        switch value {
        case .null: "null"
        case .array: "array"
        default: ExactString(JSCoercion.type(of: value))
        }
    }
}
