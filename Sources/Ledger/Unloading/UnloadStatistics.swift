/// What an ``UnloadService`` has done since it began, and what it sees.
package struct UnloadStatistics: Sendable {
    /// Rows and batches that wait in the database's queue, as it last said.
    package var backlogRows = 0
    package var backlogBatches = 0
    /// Exports in the folder that are not in the queue yet.
    package var exportsWaiting = 0
    /// The greatest number in the folder, 0 for none.
    package var exportSeen: Int64 = 0
    /// The last export that the queue took, 0 for none.
    package var exportEnqueued: Int64 = 0
    /// All exports up to this number are applied whole.
    package var exportApplied: Int64 = 0
    /// Rows of applied batches.
    package var rowsApplied = 0
    /// Those of them that were not older than what stood there.
    package var rowsWritten = 0
    package var batchesApplied = 0
    /// The rate that is allowed now, in rows a second.
    package var rate = 0.0
    /// How long transactions that applied batches took, all together.
    package var databaseTime = Duration.zero
    /// Calls of the database that failed.
    package var failures = 0
    /// Why exports are not taken or batches not applied, without secrets; `nil` when the last attempt went well.
    package var enqueueError: LedgerError?
    package var unloadError: LedgerError?

    /// What is wrong now, if anything.
    package var lastError: LedgerError? { enqueueError ?? unloadError }
}

extension UnloadStatistics {
    /// Counts a batch that was applied.
    ///
    /// What waits is corrected by the next look at the database.
    mutating func count(_ batch: UnloadedBatch, took: Duration) {
        rowsApplied += batch.rows
        rowsWritten += batch.rowsWritten
        batchesApplied += 1
        backlogRows = max(0, backlogRows - batch.rows)
        backlogBatches = max(0, backlogBatches - 1)
        databaseTime += took
        unloadError = nil
    }
}
