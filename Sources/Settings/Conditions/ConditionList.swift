import JSON

/// The operand of `$or`, `$nor` and `$and`.
struct ConditionList {
    /// `nil` is one at which JavaScript throws.
    let items: [JSONValue?]
    /// Whether its length is zero or missing, which satisfies `$or` too.
    let isEmpty: Bool
}
