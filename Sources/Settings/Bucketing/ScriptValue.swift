import JSON

/// What JavaScript's property access and operators make of JSON values, where a rule's fields have unusual types.
///
/// `nil` is `undefined`.
enum ScriptValue {
    /// `value[key]`, own properties only; `null` has none (JavaScript throws there: the callers ask first).
    static func property(_ value: JSONValue?, _ key: ExactString) -> JSONValue? {
        switch value {
        case .object(let object): object[key]
        case .array(let elements):
            if let index = key.arrayIndex {
                Int(index) < elements.count ? elements[Int(index)] : JSONValue?.none
            } else {
                key == "length" ? .number(elements.count) : JSONValue?.none
            }
        case .string(let text):
            if let index = key.arrayIndex {
                character(text, Int(index))
            } else {
                key == "length" ? .number(text.length) : JSONValue?.none
            }
        default: nil
        }
    }

    /// `value[index]`.
    static func element(_ value: JSONValue?, _ index: Int) -> JSONValue? {
        switch value {
        case .array(let elements): index < elements.count ? elements[index] : JSONValue?.none
        case .string(let text): character(text, index)
        case .object(let object): object[ExactString(String(index))]
        default: nil
        }
    }

    private static func character(_ text: ExactString, _ index: Int) -> JSONValue? {
        let units = text.units
        return index < units.count ? .string(ExactString(units: [units[index]])) : JSONValue?.none
    }

    /// `value.length`.
    static func length(_ value: JSONValue?) -> JSONValue? {
        property(value, "length")
    }

    /// `Number(value)`; NaN for `undefined` and for what JavaScript throws at.
    static func number(_ value: JSONValue?) -> Double {
        switch value {
        case .number(let number)?: number.double
        case let value?: JSCoercion.number(value) ?? .nan
        case nil: .nan
        }
    }

    /// `` `${value}` ``.
    static func text(_ value: JSONValue?) -> ExactString {
        switch value {
        case .string(let text)?: text
        case let value?: JSCoercion.string(value) ?? "[object Object]"
        case nil: "undefined"
        }
    }

    /// `!!value`.
    static func truth(_ value: JSONValue?) -> Bool {
        value.map(JSCoercion.truth) ?? false
    }

    /// `value || nil`.
    static func truthy(_ value: JSONValue?) -> JSONValue? {
        guard let value, JSCoercion.truth(value) else { return nil }
        return value
    }

    /// Whether `+` adds this as a number (unless the other side is text).
    static func isNumeric(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?, .bool?, .number?: true
        case .string?, .array?, .object?: false
        }
    }

    /// `left + right`.
    static func sum(_ left: JSONValue?, _ right: JSONValue?) -> JSONValue {
        if isNumeric(left), isNumeric(right) { return .number(number(left) + number(right)) }
        return .string(joined(text(left), text(right)))
    }

    static func joined(_ left: ExactString, _ right: ExactString) -> ExactString {
        if let left = left.wellFormed, let right = right.wellFormed { return ExactString(left + right) }
        return ExactString(units: left.units + right.units)
    }

    /// `toString` of the reference: strings as they are, all else as JSON.
    static func stored(_ value: JSONValue) -> ExactString {
        if case .string(let text) = value { return text }
        return ExactString(value.stringifiedText)
    }

    /// What the spread `{...value}` copies.
    static func spread(_ value: JSONValue?) -> JSONObject {
        var copied = JSONObject()
        switch value {
        case .object(let object)?: return object
        case .array(let elements)?:
            for (index, element) in elements.enumerated() { copied[ExactString(String(index))] = element }
        case .string(let text)?:
            for (index, unit) in text.units.enumerated() {
                copied[ExactString(String(index))] = .string(ExactString(units: [unit]))
            }
        default: break
        }
        return copied
    }

    /// The value at a dotted path as the reference finds it; `nil` where it gives `null`.
    static func path(_ object: JSONObject, _ parts: [ExactString]) -> JSONValue? {
        guard let first = parts.first, var current = object[first] else { return nil }
        for part in parts.dropFirst() {
            switch current {
            case .object, .array:
                guard let next = property(current, part) else { return nil }
                current = next
            default: return nil
            }
        }
        if case .null = current { return nil }
        return current
    }

    /// `text.split(".")`.
    static func dotted(_ text: ExactString) -> [ExactString] {
        if let text = text.wellFormed {
            return text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).map {
                ExactString(String(Substring($0)))
            }
        }
        return text.units.split(separator: 0x2E, omittingEmptySubsequences: false).map { ExactString(units: Array($0)) }
    }
}
