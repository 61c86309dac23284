/// The conversions that JavaScript's operators make, for JSON values (ECMA-262 §7.1, §7.2).
///
/// An object with a member named `toString` of its own has no primitive value: JavaScript throws a TypeError, the
/// functions here give `nil`.
package enum JSCoercion {
    /// `value + ""` and `String(value)`, which agree for JSON values.
    package static func string(_ value: JSONValue) -> ExactString? {
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return ExactString(NumberText.javaScript(number.double))
        case .string(let text): return text
        case .object(let object): return object["toString"] == nil ? "[object Object]" : nil
        case .array(let elements): return joined(elements)
        }
    }

    /// `elements.join()`: `null` is nothing.
    private static func joined(_ elements: [JSONValue]) -> ExactString? {
        if elements.count == 1, case .string(let only) = elements[0] { return only }
        var units: [UInt16] = []
        for (index, element) in elements.enumerated() {
            if index > 0 { units.append(0x2C) }
            if element.isNull { continue }
            guard let text = string(element) else { return nil }
            text.appendUnits(to: &units)
        }
        return ExactString(units: units)
    }

    /// `value * 1` and `Number(value)`; NaN for what is no number.
    package static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .null: return 0
        case .bool(let flag): return flag ? 1 : 0
        case .number(let number): return number.double
        case .string(let text): return NumberLiteral.value(of: text)
        case .object(let object): return object["toString"] == nil ? .nan : nil
        case .array(let elements):
            guard let text = joined(elements) else { return nil }
            return NumberLiteral.value(of: text)
        }
    }

    /// `!!value`.
    package static func truth(_ value: JSONValue) -> Bool {
        switch value {
        case .null: false
        case .bool(let flag): flag
        case .number(let number): number.double != 0 && !number.double.isNaN
        case .string(let text): !text.isEmpty
        case .array, .object: true
        }
    }

    /// `typeof value`.
    package static func type(of value: JSONValue) -> String {
        switch value {
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .null, .array, .object: "object"
        }
    }

    /// `left === right` of values from two texts: containers are never identical.
    package static func identical(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left.double == right.double
        case (.string(let left), .string(let right)): left == right
        default: false
        }
    }

    /// `left < right`.
    package static func less(_ left: JSONValue, _ right: JSONValue) -> Bool? {
        compare(left, right, strings: { $0 < $1 }, numbers: { $0 < $1 })
    }

    /// `left <= right`.
    package static func lessOrEqual(_ left: JSONValue, _ right: JSONValue) -> Bool? {
        compare(left, right, strings: { !($1 < $0) }, numbers: { $0 <= $1 })
    }

    private static func compare(
        _ left: JSONValue,
        _ right: JSONValue,
        strings: (ExactString, ExactString) -> Bool,
        numbers: (Double, Double) -> Bool
    ) -> Bool? {
        if case .number(let left) = left, case .number(let right) = right { return numbers(left.double, right.double) }
        guard let left = primitive(left), let right = primitive(right) else { return nil }
        if case .string(let left) = left, case .string(let right) = right { return strings(left, right) }
        guard let left = number(left), let right = number(right) else { return nil }
        return numbers(left, right)
    }

    /// A container as the string it becomes, anything else as it is.
    private static func primitive(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .array, .object: string(value).map { .string($0) }
        default: value
        }
    }

    /// `JSON.stringify(left) === JSON.stringify(right)`, without writing either.
    package static func sameText(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.number(let left), .number(let right)):
            left.double == right.double || !left.double.isFinite && !right.double.isFinite
        case (.number(let number), .null), (.null, .number(let number)): !number.double.isFinite
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { sameText($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(left.javaScriptOrder, right.javaScriptOrder).allSatisfy {
                    $0.key == $1.key && sameText($0.value, $1.value)
                }
        default: false
        }
    }
}
