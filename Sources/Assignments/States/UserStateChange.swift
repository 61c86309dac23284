package import JSON

/// What a request adds to a user's state.
package struct UserStateChange: Sendable {
    /// New assignments; those that the state has already win over these.
    package var assignments: StickyAssignments
    /// Attributes to remember; they win over those that the state has.
    package var remembered: JSONObject
    /// Milliseconds since 1970.
    package var timeMilliseconds: Int64

    package init(assignments: StickyAssignments, remembered: JSONObject, timeMilliseconds: Int64) {
        self.assignments = assignments
        self.remembered = remembered
        self.timeMilliseconds = timeMilliseconds
    }
}
