import JSON

/// The scalars of a list, for asking whether a value is among them (JavaScript's `includes`); containers in the list
/// are never found.
struct MemberSet: Sendable {
    /// Up to this many texts are compared one by one.
    private static let comparedMax = 6

    private var few: [ExactString] = []
    private var texts: Set<ExactString> = []
    private var numbers: Set<Double> = []
    private var hasNull = false
    private var hasTrue = false
    private var hasFalse = false
    private let ignoresCase: Bool

    init(_ elements: [JSONValue], ignoringCase ignoresCase: Bool = false) {
        self.ignoresCase = ignoresCase
        for element in elements {
            switch element {
            case .null: hasNull = true
            case .bool(let flag): if flag { hasTrue = true } else { hasFalse = true }
            case .number(let number): numbers.insert(number.double)
            case .string(let text): texts.insert(ignoresCase ? text.lowercased : text)
            case .array, .object: break
            }
        }
        if texts.count <= Self.comparedMax {
            few = Array(texts)
            texts = []
        }
    }

    func contains(_ value: JSONValue) -> Bool {
        switch value {
        case .null: return hasNull
        case .bool(let flag): return flag ? hasTrue : hasFalse
        case .number(let number): return !numbers.isEmpty && numbers.contains(number.double)
        case .string(let text):
            let text = ignoresCase ? text.lowercased : text
            return texts.isEmpty ? few.contains(text) : texts.contains(text)
        case .array, .object: return false
        }
    }

    /// Whether the value is a member, or, being an array, has one.
    func meets(_ value: JSONValue) -> Bool {
        if case .array(let elements) = value { return elements.contains(where: contains) }
        return contains(value)
    }
}
