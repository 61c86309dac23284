/// The database that serves what creators are paid: finished rows of the warehouse, never events.
///
/// **Promises.** An export is taken in whole or not at all, and its batches then wait in a durable queue in the same
/// database. A batch's rows are written and the batch is removed from the queue in one transaction: whatever process
/// or server is killed at whatever moment, every batch has its effect exactly once. Of two rows with the same key the
/// one of the greater export number stands, in whatever order they come, so several unloaders work side by side.
/// **Costs** one transaction for an export, one for each batch, and one connection while it lasts; no caller's thread
/// is blocked. **Fails** with ``LedgerError/unavailable(_:)`` while the database is away: try again later, nothing is
/// half-done.
package protocol ServiceDatabase: Sendable {
    /// Brings the schema to the version of this program; does nothing where it is that already.
    ///
    /// Several may do so at once. The other verbs need it to have happened once.
    ///
    /// - Returns: The schema's version.
    /// - Throws: `rejected` where a newer program has been at the database.
    @discardableResult
    func migrate() async throws(LedgerError) -> Int

    /// Checks an export and takes it into the queue, in batches of `batchRows` rows, in one transaction.
    ///
    /// Exports come in the order of their numbers, beginning with 1 or, where nothing was taken yet, with a baseline. A
    /// baseline that follows another export has nothing new, and is only noted. One that was taken before is not taken
    /// again, even if none of it waits any more.
    ///
    /// - Throws: `damaged` if a part is not what the manifest says, `gap` for a number that is not the next one,
    ///   `replaced` for a known number with another manifest; then nothing of it is taken.
    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome

    /// Applies the oldest batch that no other unloader is at, and removes it from the queue.
    ///
    /// - Returns: What was applied; `nil` if there is nothing to do, or others are at all of it.
    func unload() async throws(LedgerError) -> UnloadedBatch?

    /// What is known of a creator: days from `from` to `to`, both included, and the payouts of their months.
    ///
    /// Days and payouts are ordered by date and then by content type's UTF-8 bytes; all of one moment. `rowsMax` is how
    /// many days and content types are told at most.
    ///
    /// - Returns: `nil` for a creator of whom nothing was ever counted, or all was taken back.
    /// - Throws: `tooMany` where there are more than `rowsMax`.
    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage?

    /// A page of creators with their figures and days.
    ///
    /// Costs a walk along an index up to the page's end, and one look for each creator on it; a search that finds
    /// little looks at the ids of all. Where amounts have more than 15 digits, two of them that differ beyond these
    /// may come in the order of their ids.
    ///
    /// - Throws: `tooMany` where the page's days have more rows than the question takes.
    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage

    /// What waits, and how far the exports are.
    func backlog() async throws(LedgerError) -> Backlog

    /// Waits for what is under way and lets go of all connections; later calls throw `closed`.
    func close() async
}
