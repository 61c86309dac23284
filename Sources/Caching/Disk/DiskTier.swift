import NIOCore

/// The disk tier of the edge cache: records in append-only segment files, found through an index in memory.
///
/// Promises: what is read is, byte for byte, what was stored under that key and name, or nothing; a record that was
/// removed or replaced is not found again; what was written survives the death of the process, what was there at
/// `flush` also a power failure; the files take at most the budget. A full, failing or missing disk only makes the
/// tier forget: stores are dropped and counted until a try after a back-off succeeds.
///
/// Costs 40 to 50 bytes of memory for each record, one write per batch of records, one read per read, one thread that
/// writes and a few that read. `find`, `store`, `remove` and `noteHit` never touch the disk: they may be called on an
/// event loop.
package final class DiskTier: Sendable {
    let parts: DiskParts
    let readers: DiskReaders

    private init(_ parts: DiskParts, readers: DiskReaders) {
        self.parts = parts
        self.readers = readers
    }

    deinit {
        // The threads write what waits and end by themselves.
        parts.desk.close()
        readers.close()
    }

    /// Opens the folder and finds the records again that are there; no damage to them makes it fail.
    ///
    /// A folder that cannot be used now gives a degraded tier, which tries again when something is stored. The sizes
    /// are as in `DiskTierSettings`.
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
    /// - Throws: `held`, `invalidSettings`, or `failed` if no thread can be made.
    package static func open(
        _ settings: DiskTierSettings,
        clock: some Clock<Duration> = ContinuousClock(),
        files: (any SegmentFiles)? = nil
    ) async throws(DiskTierError) -> DiskTier {
        let settings = try settings.checked()
        let start = clock.now
        let parts = DiskParts(settings, files: files ?? FolderFiles(path: settings.folder)) {
            start.duration(to: clock.now)
        }
        let objection = await withCheckedContinuation { (opened: CheckedContinuation<DiskTierError?, Never>) in
            do throws(DiskFailure) {
                try DiskThread.start {
                    var writer = DiskWriter(parts)
                    writer.run { opened.resume(returning: $0) }
                }
            } catch {
                opened.resume(returning: .failed(error))
            }
        }
        if let objection { throw objection }
        do throws(DiskFailure) {
            let readers = try DiskReaders(threads: settings.readThreads, waitingMax: settings.readsWaitingMax)
            return DiskTier(parts, readers: readers)
        } catch {
            parts.desk.close()
            throw .failed(error)
        }
    }

    /// What is known of the record of `key`; `nil` if there is none.
    ///
    /// Takes a few short locks and no disk access.
    package func find(_ key: EntryKey) -> DiskEntry? {
        switch parts.desk.pending(key) {
        case .removed: return nil
        case .record(let record):
            return DiskEntry(
                key: key,
                bodyBytes: record.body.readableBytes,
                headBytes: record.name.utf8.count + record.metadata.readableBytes,
                isPending: true
            )
        case nil:
            guard let slot = parts.index.find(key), parts.shelf.segment(slot.segment) != nil else { return nil }
            return DiskEntry(key: key, bodyBytes: slot.bodyBytes, headBytes: slot.namedBytes, isPending: false)
        }
    }

    /// Marks the record as worth carrying over when its segment is evicted.
    ///
    /// `read` and `lease` do so themselves.
    package func noteHit(_ key: EntryKey) {
        _ = parts.index.hit(key)
    }

    /// Queues a record for writing, in the place of any of its key; it is found at once.
    ///
    /// - Returns: whether it was accepted. It is not when the queue is full, the disk fails or the record is too large
    ///   (statistics); an older record of the key stays then.
    @discardableResult
    package func store(_ record: DiskRecord) -> Bool {
        let nameBytes = record.name.utf8.count
        let namedBytes = nameBytes + record.metadata.readableBytes
        let bytes = RecordHead.recordBytes(namedBytes: namedBytes, bodyBytes: record.body.readableBytes)
        guard nameBytes <= RecordHead.nameBytesMax, record.metadata.readableBytes <= RecordHead.metadataBytesMax,
            bytes <= parts.settings.recordBytesMax
        else {
            parts.counters.count { $0.storesRefusedTooLarge += 1 }
            return false
        }
        let refusal = parts.desk.store(record, bytes: bytes)
        parts.counters.count {
            switch refusal {
            case nil: $0.storesAccepted += 1
            case .queueFull: $0.storesRefusedQueueFull += 1
            case .degraded, .closed: $0.storesRefusedDegraded += 1
            }
        }
        return refusal == nil
    }

    /// Makes the tier forget `key` at once, and after a restart once the queue is written.
    ///
    /// - Returns: whether there was anything.
    @discardableResult
    package func remove(_ key: EntryKey) -> Bool {
        parts.desk.remove(key)
    }

    /// Waits until everything accepted before is written and on the disk.
    ///
    /// - Returns: `false` if that did not succeed, or if an accepted record was lost since the last call.
    @discardableResult
    package func flush() async -> Bool {
        await parts.desk.flush()
    }

    /// Writes what waits, closes the files and ends the threads; afterwards nothing is found or stored.
    package func shutdown() async {
        await parts.desk.closed()
        readers.close()
    }

    package var statistics: DiskTierStatistics {
        var statistics = parts.counters.snapshot
        statistics.entries = parts.index.count
        statistics.segments = parts.shelf.count
        statistics.usedBytes = parts.ledger.usedBytes
        statistics.budgetBytes = parts.settings.budgetBytes
        parts.desk.report(into: &statistics)
        return statistics
    }
}
