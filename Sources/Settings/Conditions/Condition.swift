package import JSON

/// Conditions without a table: for parent conditions, conformance and validation.
package enum Condition {
    /// Whether a value (usually the attributes object) satisfies a condition; compiles it for this one time.
    package static func evaluate(
        _ condition: JSONValue,
        on value: JSONValue,
        savedGroups: JSONObject = JSONObject()
    ) -> Bool {
        var compiler = ConditionCompiler(savedGroups: savedGroups)
        return compiler.tree(condition).verdict(value, PatternBudget()) == .yes
    }

    /// What a condition still asks when top-level attributes are known (`null` for one known to be missing).
    ///
    /// Conservative: what remains may be decidable. Where JavaScript would throw at a value of the request (an object
    /// with its own `toString`), a part that was decided before may hide it.
    package static func specialised(
        _ condition: JSONValue,
        known: [(name: ExactString, value: JSONValue)],
        savedGroups: JSONObject = JSONObject()
    ) -> SpecialisedCondition {
        var attributes = JSONObject()
        for (name, value) in known { attributes[name] = value }
        var specialiser = ConditionSpecialiser(known: attributes, savedGroups: savedGroups)
        return specialiser.specialised(condition)
    }

    /// What an author should know about a condition, in its order.
    package static func issues(in condition: JSONValue, savedGroups: JSONObject = JSONObject()) -> [ConditionIssue] {
        var review = ConditionReview(savedGroups: savedGroups)
        review.condition(condition)
        return review.issues
    }

    /// The attribute paths a condition asks for, each once, in its order; not those of elements of arrays.
    package static func paths(in condition: JSONValue) -> [ExactString] {
        var paths: [ExactString] = []
        collect(condition, into: &paths)
        return paths
    }

    private static func collect(_ condition: JSONValue, into paths: inout [ExactString]) {
        for entry in ConditionShape.entries(of: condition) ?? [] {
            switch entry.key {
            case "$or", "$nor", "$and":
                for item in ConditionShape.list(of: entry.value)?.items ?? [] {
                    if let item { collect(item, into: &paths) }
                }
            case "$not": collect(entry.value, into: &paths)
            default: if !paths.contains(entry.key) { paths.append(entry.key) }
            }
        }
    }
}
