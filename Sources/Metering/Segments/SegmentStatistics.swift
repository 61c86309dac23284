/// What a `SegmentStore` holds, and what it has done since it was opened.
package struct SegmentStatistics: Hashable, Sendable {
    /// Lines on the disk since the store was opened.
    package var linesKept = 0
    /// Lines that were refused or that the disk failed.
    package var linesRefused = 0
    /// Calls of `fdatasync` for groups of lines.
    package var groups = 0
    /// Groups that the disk failed.
    package var groupsFailed = 0
    /// Bytes that wait to be written.
    package var waitingBytes = 0
    /// Bytes of lines in the open segment.
    package var openBytes = 0
    /// Bytes on the disk that are not shipped: open, closed and sealed segments.
    package var diskBytes = 0
    /// Segments that are closed or sealed, and not shipped.
    package var segmentsWaiting = 0
    package var segmentsShipped = 0
    package var linesShipped = 0
    /// Bytes of the shipped objects.
    package var bytesShipped = 0
    /// Attempts to ship that failed.
    package var shipmentsFailed = 0
    /// Bytes that were cut off torn ends when the store was opened: they were never acknowledged.
    package var bytesCut = 0
    /// Whether the disk had no room for the last group of lines.
    package var wasDiskFull = false
    /// Damaged groups that were left out, as `SegmentSettings.salvagesDamage` had it.
    package var groupsLost = 0
    /// `received_us` of the newest line that was shipped, in microseconds since 1970; `nil` before the first.
    package var shippedReceivedMicroseconds: Int64?
    /// Segments that cannot be shipped until somebody looks after them, and why; nothing removes them.
    package var stuck: [String] = []
}
