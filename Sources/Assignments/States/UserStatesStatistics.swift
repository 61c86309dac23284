/// What `UserStates` holds and has done since it was made.
package struct UserStatesStatistics: Hashable, Sendable {
    /// Users in memory, those known to have no state among them.
    package var entries = 0
    /// Bytes of them, about.
    package var usedBytes = 0
    /// Look-ups of one user that memory has answered.
    package var hits = 0
    /// Look-ups of one user that the store was asked for.
    package var misses = 0
    /// Look-ups of one user that had no answer in time.
    package var late = 0
    /// Reads of the store.
    package var reads = 0
    /// Reads that failed.
    package var readFailures = 0
    /// Documents that could not be read, and were taken for none.
    package var damaged = 0
    /// Users whose changes wait or are being written.
    package var waiting = 0
    /// Documents that were written.
    package var writes = 0
    /// Writes that failed and are tried again.
    package var writeFailures = 0
    /// Changes of a user that were lost: too many waited, or the node ended before they could be written.
    package var lost = 0
}
