package import JSON

/// What is kept of a user from former requests.
package struct UserKnowledge: Equatable, Sendable {
    /// Stored assignments by attribute; `nil` when the app keeps none.
    package var assignments: [StoredAssignments]?
    /// Attributes of former sessions; those that the request brings win.
    package var remembered = JSONObject()
    /// Whether the store was too late for some of it.
    package var isIncomplete = false

    package init(assignments: [StoredAssignments]? = nil) { self.assignments = assignments }
}
