/// What the disk tier did since it was opened, and how it stands.
package struct DiskTierStatistics: Hashable, Sendable {
    // How it stands.
    /// Records that the index knows, without those that wait to be written.
    package var entries = 0
    package var segments = 0
    /// Bytes of all segment files, those included that are removed but still read by somebody, with the whole capacity
    /// of the one that is being written.
    ///
    /// Never more than `budgetBytes`.
    package var usedBytes = 0
    package var budgetBytes = 0
    /// Records and tombstones that wait to be written.
    package var queuedRecords = 0
    package var queuedBytes = 0
    /// Whether the last write failed: records are dropped until a try after the back-off succeeds.
    package var isDegraded = false
    /// The failure that degraded it last, for the log; stays after recovery.
    package var lastFailure: DiskFailure?

    // Stores.
    package var storesAccepted = 0
    package var storesWritten = 0
    package var bytesWritten = 0
    package var storesRefusedQueueFull = 0
    package var storesRefusedTooLarge = 0
    package var storesRefusedDegraded = 0
    /// Accepted, then lost to a failure of the disk.
    package var storesFailed = 0
    /// Removals that a crash would undo, because their tombstones could not be kept for writing.
    package var removalsNotKept = 0

    // Reads.
    package var readsFound = 0
    package var readsAbsent = 0
    /// Records that did not pass their checksums; each was removed.
    package var readsDamaged = 0
    /// The key was there under another name.
    package var readsOtherName = 0
    package var readsFailed = 0
    package var readsOverloaded = 0

    // Eviction.
    package var segmentsEvicted = 0
    package var recordsEvicted = 0
    /// Records that were carried over because they had been hit.
    package var recordsReinserted = 0

    // What opening found.
    package var recordsRecovered = 0
    /// Segments whose end a crash had cut off; the rest of each was kept.
    package var segmentsTorn = 0
    /// Segments that lost some or all of their records to damage.
    package var segmentsDamaged = 0
    /// Segments of another version of the format; removed.
    package var segmentsOfOtherVersion = 0

    package init() {}
}
