import JSON

/// How JavaScript walks through the parts of a condition, also of one that has a wrong type.
enum ConditionShape {
    /// `Object.entries(value)`; `nil` where it throws.
    static func entries(of value: JSONValue) -> [JSONMember]? {
        switch value {
        case .null: nil
        case .bool, .number: []
        case .string(let text):
            text.units.enumerated().map { index, unit in
                JSONMember(key: ExactString("\(index)"), value: .string(ExactString(units: [unit])))
            }
        case .array(let elements):
            elements.enumerated().map { JSONMember(key: ExactString("\($0)"), value: $1) }
        case .object(let object): object.javaScriptOrder
        }
    }

    /// Whether a condition on a value is one of operators: an object all of whose keys start with `$`.
    static func isOperators(_ value: JSONValue) -> Bool {
        guard case .object(let object) = value, !object.isEmpty else { return false }
        return object.members.allSatisfy { $0.key.starts(with: UInt8(ascii: "$")) }
    }

    /// The conditions that a loop over `value.length` meets; `nil` where even that throws.
    static func list(of value: JSONValue) -> ConditionList? {
        switch value {
        case .null: return nil
        case .bool, .number: return ConditionList(items: [], isEmpty: true)
        case .string(let text):
            let items = text.units.map { JSONValue.string(ExactString(units: [$0])) }
            return ConditionList(items: items, isEmpty: items.isEmpty)
        case .array(let elements): return ConditionList(items: elements, isEmpty: elements.isEmpty)
        case .object(let object):
            guard let length = object["length"] else { return ConditionList(items: [], isEmpty: true) }
            return list(of: object, length: length)
        }
    }

    private static func list(of object: JSONObject, length: JSONValue) -> ConditionList {
        let isEmpty = !JSCoercion.truth(length)
        guard let count = JSCoercion.number(length) else { return ConditionList(items: [nil], isEmpty: isEmpty) }
        var items: [JSONValue?] = []
        var index = 0
        while Double(index) < count {
            let item = object[ExactString("\(index)")]
            items.append(item)
            // What follows a condition that throws is never reached.
            if item == nil { break }
            index += 1
        }
        return ConditionList(items: items, isEmpty: isEmpty)
    }
}
