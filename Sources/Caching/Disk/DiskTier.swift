/// The disk tier of the edge cache: records in append-only segment files, found through an index in memory.
///
/// Promises: what is read is, byte for byte, what was stored under that key and name, or nothing; a record that was
/// removed or replaced is not found again; what was written survives the death of the process, what was there at
/// `flush` also a power failure; the files take at most the budget. A full, failing or missing disk only makes the
/// tier forget: stores are dropped and counted until a try after a back-off succeeds.
///
/// Costs 48 bytes of memory for each record, one write per batch of records, one read per read, one thread that
/// writes and a few that read. `find`, `store`, `remove` and `noteHit` never touch the disk: they may be called on an
/// event loop.
package final class DiskTier: Sendable {
    /// Opens the folder and finds the records again that are there; no damage to them makes it fail.
    ///
    /// A folder that cannot be used now gives a degraded tier, which tries again when something is stored. `budgetBytes`
    /// and `segmentBytes` as in `DiskTierSettings`.
    ///
    /// - Throws: `held` or `invalidSettings`.
    package static func open(
        folder: String,
        budgetBytes: Int,
        segmentBytes: Int
    ) async throws(DiskTierError) -> DiskTier {
        var settings = DiskTierSettings(folder: folder, budgetBytes: budgetBytes)
        settings.segmentBytes = segmentBytes
        return try await open(settings)
    }

    /// As above; `clock` times the back-off, `files` is a seam for tests (`nil`: the folder of the settings).
    ///
    /// - Throws: `held` or `invalidSettings`.
    package static func open(
        _ settings: DiskTierSettings,
        clock: some Clock<Duration> = ContinuousClock(),
        files: (any SegmentFiles)? = nil
    ) async throws(DiskTierError) -> DiskTier {
        DiskTier()
    }

    /// What is known of the record of `key`; one or two short locks, no disk access.
    ///
    /// `nil`: there is none.
    package func find(_ key: EntryKey) -> DiskEntry? { nil }

    /// Marks the record as worth carrying over when its segment is evicted.
    ///
    /// `read` and `lease` do so themselves.
    package func noteHit(_ key: EntryKey) {}

    /// The record of `key` if its name is `name`; `nil` if there is none, or it was damaged (it is removed then).
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func read(_ key: EntryKey, name: String) async throws(DiskTierError) -> DiskRecord? { nil }

    /// A part of the record's body, with the metadata; reads and checks only the blocks of 64 KiB that it touches.
    ///
    /// A range that ends behind the body is cut, one that begins there gives no bytes.
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func read(
        _ key: EntryKey,
        name: String,
        bodyRange: Range<Int>
    ) async throws(DiskTierError) -> DiskPiece? { nil }

    /// The record's place in a file, for sending it without copying; the body has been checked once before.
    ///
    /// `nil` as with `read`, and for a record that still waits to be written: `read` it.
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func lease(_ key: EntryKey, name: String) async throws(DiskTierError) -> SegmentLease? { nil }

    /// Queues a record for writing, in the place of any of its key; it is found at once.
    ///
    /// - Returns: whether it was accepted. It is not when the queue is full, the disk fails or the record is too large
    ///   (statistics); an older record of the key stays then.
    @discardableResult
    package func store(_ record: DiskRecord) -> Bool { false }

    /// Makes the tier forget `key` at once, and after a restart once the queue is written.
    ///
    /// - Returns: whether there was anything.
    @discardableResult
    package func remove(_ key: EntryKey) -> Bool { false }

    /// Waits until everything accepted before is written and on the disk.
    ///
    /// - Returns: `false` if something was lost to a failure, since the last call, on the way.
    @discardableResult
    package func flush() async -> Bool { true }

    /// Writes what waits, closes the files and ends the threads; afterwards nothing is found or stored.
    package func shutdown() async {}

    package var statistics: DiskTierStatistics { DiskTierStatistics() }
}
