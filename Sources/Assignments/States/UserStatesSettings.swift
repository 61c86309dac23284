/// Limits and times of `UserStates`.
package struct UserStatesSettings: Sendable {
    /// The longest that a look-up waits for the store.
    package var deadline = Duration.milliseconds(25)
    /// Bytes of the states in memory, about.
    package var budgetBytes = 32 << 20
    /// How long a state in memory is believed, in milliseconds; other nodes' changes are seen after that.
    package var ageMilliseconds: Int64 = 60_000
    /// How long it is believed that a user has no state, in milliseconds.
    package var absentAgeMilliseconds: Int64 = 5_000
    /// Users whose states are asked of the store or wait for it; beyond that look-ups do without.
    package var loadsMax = 4_096
    /// Reads of the store at a time.
    package var readersMax = 32
    /// Users whose changes wait to be written; beyond that changes are lost.
    package var changesMax = 50_000
    /// Writes to the store at a time.
    package var writersMax = 8
    /// How long changes are gathered before they are written.
    package var writeDelay = Duration.milliseconds(250)
    /// How long to wait after a write has failed; doubled each time, up to 128 times as long.
    package var retryPause = Duration.milliseconds(250)
    /// How long the last writes may take when the node ends.
    package var farewell = Duration.seconds(5)

    package init() {}
}
