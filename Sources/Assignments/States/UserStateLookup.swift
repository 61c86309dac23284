/// What is known of some users' states in time.
package struct UserStateLookup: Sendable {
    /// In the order of the keys that were asked for; `nil` if the user has none, or none is known in time.
    package var states: [UserState?]
    /// Whether nothing is missing: `false` if the store was late or failed for one of the keys.
    package var isComplete: Bool
}
