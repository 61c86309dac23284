package import JSON

/// What is kept of one user in one app.
package struct UserState: Sendable {
    /// Sticky assignments: the variation's key by `EXPERIMENT__BUCKETVERSION`, oldest first.
    package var assignments: StickyAssignments
    /// Attributes of former sessions, as they were last seen.
    package var remembered: JSONObject
    /// When the state was changed last: milliseconds since 1970.
    package var updatedMilliseconds: Int64
}
