package import JSON

/// The targeting conditions of a project, compiled once and evaluated many times, each at most once per request.
///
/// The language is GrowthBook's (a dialect of MongoDB's queries over attributes), and its JavaScript SDK decides what
/// everything means, including what JavaScript's operators do to unlike types. Where that SDK would throw, the whole
/// condition is false. Equal conditions and equal parts of conditions are one entry; attribute paths are numbered, and
/// resolved once per request. Evaluating allocates nothing for ordinary attributes; nothing here fails.
package struct ConditionTable: Sendable {
    /// The groups that `$inGroup` names.
    package let savedGroups: JSONObject

    package init(savedGroups: JSONObject = JSONObject()) {
        self.savedGroups = savedGroups
    }

    /// Compiles a condition, or finds the equal one.
    ///
    /// Never fails: what JavaScript would throw at is false when evaluated. ``issues(in:savedGroups:)`` tells authors.
    package mutating func intern(_ condition: JSONValue) -> ConditionID { ConditionID(index: 0) }

    /// Distinct conditions, parts included.
    package var count: Int { 0 }

    /// Starts a request: forgets the answers of the one before and finds the attributes that conditions ask for.
    package func begin(_ attributes: JSONObject, _ scratch: inout ConditionScratch) {}

    /// Whether the request's attributes satisfy a condition; computed at most once per request.
    ///
    /// - Precondition: `begin` was called on this table with this scratch.
    package func evaluate(_ id: ConditionID, _ scratch: inout ConditionScratch) -> Bool { false }
}
