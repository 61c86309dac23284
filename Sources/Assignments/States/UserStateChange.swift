package import JSON

/// What a request adds to a user's state.
package struct UserStateChange: Equatable, Sendable {
    /// New assignments; those that the state has already win over these.
    package private(set) var assignments: StickyAssignments
    /// Attributes to remember, without those that are too long or too many; they win over those that the state has.
    package private(set) var remembered: JSONObject
    /// Milliseconds since 1970.
    package private(set) var timeMilliseconds: Int64

    package init(
        assignments: StickyAssignments = StickyAssignments(),
        remembered: JSONObject = JSONObject(),
        timeMilliseconds: Int64
    ) {
        self.assignments = assignments
        self.remembered = JSONObject()
        self.timeMilliseconds = timeMilliseconds
        remember(remembered)
    }

    package var isEmpty: Bool { assignments.isEmpty && remembered.isEmpty }

    /// Adds a later change of the same user.
    mutating func merge(_ later: UserStateChange) {
        assignments.merge(later.assignments)
        remember(later.remembered)
        timeMilliseconds = max(timeMilliseconds, later.timeMilliseconds)
    }

    private mutating func remember(_ attributes: JSONObject) {
        for member in attributes.members {
            let isKnown = remembered.position(of: member.key) != nil
            guard isKnown || remembered.count < UserState.rememberedMax, UserState.isShort(member) else { continue }
            remembered[member.key] = member.value
        }
    }
}
