extension DiskTier {
    /// The record of `key` if its name is `name`; `nil` if there is none, or it was damaged (it is removed then).
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func read(_ key: EntryKey, name: String) async throws(DiskTierError) -> DiskRecord? {
        try await read(
            key,
            name,
            fromMemory: { $0 },
            fromDisk: { (reading, _) throws(DiskFailure) in try reading.record(named: name) }
        )
    }

    /// A part of the record's body, with the metadata; reads and checks only the blocks of 64 KiB that it touches.
    ///
    /// A range that ends behind the body is cut, one that begins there gives no bytes.
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func read(
        _ key: EntryKey,
        name: String,
        bodyRange: Range<Int>
    ) async throws(DiskTierError) -> DiskPiece? {
        try await read(
            key,
            name,
            fromMemory: { DiskPiece($0, bodyRange) },
            fromDisk: { (reading, _) throws(DiskFailure) in try reading.piece(bodyRange, named: name) }
        )
    }

    /// The record's place in a file, for sending it without copying; all of the body is read and checked before.
    ///
    /// `nil` as with `read`, and for a record that still waits to be written: `read` it.
    ///
    /// - Throws: `overloaded`, `failed` or `closed`.
    package func lease(_ key: EntryKey, name: String) async throws(DiskTierError) -> SegmentLease? {
        try await read(
            key,
            name,
            fromMemory: { _ in nil },
            fromDisk: { (reading, segment) throws(DiskFailure) in
                switch try reading.checkedFront(named: name) {
                case .found(let front): .found(SegmentLease(segment: segment, front: front))
                case .otherName: .otherName
                case .damaged: .damaged
                }
            }
        )
    }

    /// Looks for a record in memory, then on the disk, and counts what comes of it.
    private func read<Value: Sendable>(
        _ key: EntryKey,
        _ name: String,
        fromMemory: (DiskRecord) -> Value?,
        fromDisk: @escaping @Sendable (RecordReading, Segment) throws(DiskFailure) -> RecordReading.Result<Value>
    ) async throws(DiskTierError) -> Value? {
        switch parts.desk.pending(key) {
        case .removed:
            parts.counters.count { $0.readsAbsent += 1 }
            return nil
        case .record(let record):
            let value = record.name == name ? fromMemory(record) : nil
            parts.counters.count { if value == nil { $0.readsAbsent += 1 } else { $0.readsFound += 1 } }
            return value
        case nil: break
        }
        guard let slot = parts.index.hit(key), let segment = parts.shelf.segment(slot.segment) else {
            parts.counters.count { $0.readsAbsent += 1 }
            return nil
        }
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<ReadOutcome<Value>, Never>) in
            let objection = readers.submit {
                do throws(DiskFailure) {
                    let reading = RecordReading(file: segment.file, slot: slot)
                    waiter.resume(returning: .success(try fromDisk(reading, segment)))
                } catch {
                    waiter.resume(returning: .failure(.failed(error)))
                }
            }
            if let objection { waiter.resume(returning: .failure(objection)) }
        }
        return try settle(outcome, slot)
    }

    private typealias ReadOutcome<Value> = Result<RecordReading.Result<Value>, DiskTierError>

    /// Counts what a read found, and forgets a record that cannot be read.
    private func settle<Value>(
        _ outcome: ReadOutcome<Value>,
        _ slot: IndexSlot
    ) throws(DiskTierError) -> Value? {
        switch outcome {
        case .success(.found(let value)):
            parts.counters.count { $0.readsFound += 1 }
            return value
        case .success(.otherName):
            parts.counters.count { $0.readsOtherName += 1 }
            return nil
        case .success(.damaged):
            parts.index.remove(slot)
            parts.counters.count { $0.readsDamaged += 1 }
            return nil
        case .failure(.overloaded):
            parts.counters.count { $0.readsOverloaded += 1 }
            throw .overloaded
        case .failure(.failed(let failure)):
            // A sector that cannot be read costs seconds each time: once is enough.
            parts.index.remove(slot)
            parts.counters.count { $0.readsFailed += 1 }
            throw .failed(failure)
        case .failure(let error): throw error
        }
    }
}
