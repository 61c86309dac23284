import JSON

/// One prerequisite, decided beforehand for everything that the parent can be.
struct ParentRow: Sendable {
    let id: ExactString
    /// −1 for a setting that does not exist.
    let feature: Int32
    let isGate: Bool
    /// Whether the condition holds, for each of the parent's candidates.
    let holds: [Bool]
    /// Whether it holds for `null`.
    let holdsForNull: Bool
    /// For values that come with the request.
    let condition: JSONValue
    /// The reference throws at the entry itself.
    let isMalformed: Bool
}
