/// What is known of some users' states in time.
package struct UserStateLookup: Equatable, Sendable {
    /// In the order of the keys that were asked for; `nil` if the user has none, or none is known in time.
    package var states: [UserState?]
    /// Whether all is known: `false` if the store was late or failed for one of the keys, or too many ask for others.
    ///
    /// The state of such a key is what this node knows of it, which may be nothing.
    package var isComplete: Bool

    package init(states: [UserState?], isComplete: Bool) {
        self.states = states
        self.isComplete = isComplete
    }
}
