/// An entry of a table: a condition whose parts are entries too.
enum ConditionNode: Sendable {
    case all([Int32])
    /// One of them; of none only when `orNone`.
    case any([Int32], orNone: Bool)
    case not(Int32)
    /// On the attribute in a slot.
    case attribute(slot: Int32, ValueTest)
    case fails
}
