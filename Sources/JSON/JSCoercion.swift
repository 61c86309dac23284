/// The conversions that JavaScript's operators make, for JSON values (ECMA-262 §7.1).
///
/// An object with a member named `toString` of its own has no primitive value: JavaScript throws a TypeError, the
/// functions here give `nil`.
package enum JSCoercion {
    /// `value + ""` and `String(value)`, which agree for JSON values.
    package static func string(_ value: JSONValue) -> ExactString? { nil }

    /// `value * 1` and `Number(value)`; NaN for what is no number.
    package static func number(_ value: JSONValue) -> Double? { nil }

    /// `Number(text)`: a literal of JavaScript between white space, 0 for nothing, NaN for anything else.
    package static func number(_ text: ExactString) -> Double { .nan }

    /// `!!value`.
    package static func truth(_ value: JSONValue) -> Bool { false }

    /// `typeof value`.
    package static func type(of value: JSONValue) -> String { "" }

    /// `left === right` of values from two texts: containers are never identical.
    package static func identical(_ left: JSONValue, _ right: JSONValue) -> Bool { false }

    /// `left < right`.
    package static func less(_ left: JSONValue, _ right: JSONValue) -> Bool? { nil }

    /// `left <= right`.
    package static func lessOrEqual(_ left: JSONValue, _ right: JSONValue) -> Bool? { nil }

    /// `JSON.stringify(left) === JSON.stringify(right)`, without writing either.
    package static func sameText(_ left: JSONValue, _ right: JSONValue) -> Bool { false }

    /// `text.toLowerCase()`.
    package static func lowercased(_ text: ExactString) -> ExactString { text }
}
