/// What a `LocalUsageLog` has done since it was opened.
package struct UsageLogStatistics: Hashable, Sendable {
    /// Events on the disk since the log was opened.
    package var eventsKept = 0
    /// Events that were not kept: the log was full, too much waited, or the disk failed.
    package var eventsRefused = 0
    /// Calls of `fdatasync`: one for each group of events.
    package var groups = 0
    /// Groups that the disk failed.
    package var failures = 0
    /// Bytes of all segments.
    package var bytes = 0
    package var segments = 0
    /// Bytes that were cut off the end when the log was opened.
    package var bytesCut = 0
}
