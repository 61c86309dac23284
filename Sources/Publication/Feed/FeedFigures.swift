/// What a feed has counted since it was made.
package struct FeedFigures: Hashable, Sendable {
    /// Releases loaded from the source.
    package var loads = 0
    /// Releases loaded from this node's disk at the start.
    package var restores = 0
    /// Loads that failed.
    package var failedLoads = 0
    /// Numbers refused because they were lower than one seen, or said to be another release than before.
    package var refusals = 0
    /// Times that watching the source has ended with an error.
    package var disconnects = 0
    /// Times that the source was polled because it could not be watched.
    package var polls = 0
    /// Records fetched from the source, and their bytes.
    package var recordsFetched = 0
    package var bytesFetched = 0
    /// Records that were not what their names say: from the source, and on this node's disk.
    package var damagedRecords = 0
    package var damagedOnDisk = 0
    /// Times that something could not be written to this node's disk.
    package var failedKeeps = 0

    /// Changes that were told while watching and then served: from the publish to the first answer with them.
    package var propagations = 0
    /// Milliseconds of all of them, by the clocks of publisher and node.
    package var propagationMilliseconds: Int64 = 0
    package var lastPropagationMilliseconds: Int64?
    package var longestPropagationMilliseconds: Int64?

    package init() {}

    mutating func propagated(_ milliseconds: Int64) {
        let milliseconds = max(0, milliseconds)
        propagations += 1
        propagationMilliseconds += milliseconds
        lastPropagationMilliseconds = milliseconds
        longestPropagationMilliseconds = max(milliseconds, longestPropagationMilliseconds ?? 0)
    }
}
