/// Limits and times of `UserStates`.
package struct UserStatesSettings: Sendable {
    /// The longest that a look-up waits for the store.
    package var deadline = Duration.milliseconds(25)
    /// Bytes of the states in memory.
    package var budgetBytes = 32 << 20
    /// How long a state in memory is believed, in milliseconds; also that there is none.
    package var ageMilliseconds: Int64 = 60_000
    /// How long changes of a user are gathered before they are written.
    package var writeDelay = Duration.milliseconds(250)

    package init() {}
}
