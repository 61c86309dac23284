/// One JSON text as a value, faithful in both directions: what a JavaScript program would see after `JSON.parse`, and
/// how the author spelled it.
///
/// Strings keep their UTF-16 code units exactly (``ExactString``; also lone surrogates), numbers are IEEE doubles that
/// remember an unusual spelling (``JSONNumber``), objects keep the authored order of their members (``JSONObject``).
/// Values are plain data: making one costs an allocation for each container and each longer string, copying costs
/// nothing. Nothing here fails; ``JSONParser`` does, with ``JSONError``.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(ExactString)
    case array([JSONValue])
    case object(JSONObject)

    /// A number without a spelling of its own.
    package static func number(_ value: Double) -> JSONValue { .number(JSONNumber(value)) }

    /// The value of a whole number without a spelling of its own; exact up to 2⁵³.
    package static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Double(value))) }

    /// A string from Swift's text.
    package static func text(_ text: String) -> JSONValue { .string(ExactString(text)) }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The boolean, when it is one.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The double, when it is a number.
    package var double: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    /// The string, when it is one.
    package var string: ExactString? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements, when it is an array.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, when it is one.
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member of an object; `nil` when there is none or this is not an object.
    package subscript(key: ExactString) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }
}

/// Equal as data: numbers by value, strings by code units, objects whatever the order of their members.
extension JSONValue: Equatable {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left.double == right.double
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (ExactString, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
