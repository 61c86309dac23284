package import JSON

/// Conditions without a table: for parent conditions, conformance and validation.
package enum Condition {
    /// What is left of a condition when some attributes are known.
    package enum Specialised: Equatable, Sendable {
        case always
        case never
        case remaining(JSONValue)
    }

    /// Whether a value (usually the attributes object) satisfies a condition; compiles it for this one time.
    package static func evaluate(
        _ condition: JSONValue,
        on value: JSONValue,
        savedGroups: JSONObject = JSONObject()
    ) -> Bool { false }

    /// What a condition still asks when top-level attributes are known. Conservative: `remaining` may be decidable.
    package static func specialised(
        _ condition: JSONValue,
        known: [(name: ExactString, value: JSONValue)],
        savedGroups: JSONObject = JSONObject()
    ) -> Specialised { .remaining(condition) }

    /// What an author should know about a condition, in its order.
    package static func issues(in condition: JSONValue, savedGroups: JSONObject = JSONObject()) -> [ConditionIssue] {
        []
    }

    /// The attribute paths a condition asks for, each once, in its order.
    package static func paths(in condition: JSONValue) -> [ExactString] { [] }
}
