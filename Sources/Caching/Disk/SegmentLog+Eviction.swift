import Glibc
import NIOCore

extension SegmentLog {
    /// A record that moves from an evicted segment to the new one.
    private struct Carried {
        var slot: IndexSlot
        var record: DiskRecord
    }

    /// Finishes the active segment and begins one that has room for `record`.
    mutating func roll(for record: DiskRecord, bytes: Int) throws(DiskFailure) {
        try commit()
        seal()
        let needed = SegmentHeader.bytes + bytes + SegmentIndex.bytes(lines: 1)
        let capacity = max(parts.settings.segmentBytes, needed)
        let share = parts.settings.segmentBytes / 100 * parts.settings.reinsertedPercentMax
        // Records that are carried over must leave room for the one that asked.
        let carried = try makeRoom(capacity, carrying: min(share, (capacity - needed) / 2))
        do throws(DiskFailure) {
            active = try begin(capacity: capacity, createdMilliseconds: record.storedMilliseconds)
        } catch {
            for one in carried { parts.index.remove(one.slot) }
            throw error
        }
        for one in carried { add(one.record, kind: .entry, .carried(from: one.slot)) }
    }

    private mutating func begin(capacity: Int, createdMilliseconds: Int64) throws(DiskFailure) -> Active {
        let file = try create()
        let id = nextID
        nextID += 1
        let segment = Segment(
            id: id,
            file: file,
            chargedBytes: capacity,
            isSynchronized: false,
            ledger: parts.ledger
        )
        var failure: DiskFailure?
        let header = SegmentHeader(id: id, createdMilliseconds: createdMilliseconds).encoded
        _ = Self.write([header], to: file, at: 0, &failure)
        if let failure {
            // A file without a whole header is removed at the next opening, if not here.
            try? parts.files.remove(segment.name)
            throw failure
        }
        parts.shelf.add(segment)
        return Active(segment: segment, capacity: capacity, end: SegmentHeader.bytes)
    }

    /// A file of the next number that is not taken.
    private mutating func create() throws(DiskFailure) -> any SegmentFile {
        while true {
            do throws(DiskFailure) {
                return try parts.files.create(Segment.name(of: nextID))
            } catch {
                guard error.code == EEXIST, nextID < .max - 1 else { throw error }
                nextID += 1
            }
        }
    }

    /// Evicts until `capacity` bytes more fit into the budget and on the disk.
    ///
    /// - Returns: records that were hit, of at most `share` bytes; the index still has their old places.
    private mutating func makeRoom(_ capacity: Int, carrying share: Int) throws(DiskFailure) -> [Carried] {
        var carried: [Carried] = []
        var allowance = share
        do throws(DiskFailure) {
            while parts.ledger.usedBytes + capacity > parts.settings.budgetBytes {
                try evictOldest(&carried, &allowance)
            }
            var missing = capacity + parts.settings.freeBytesMin - (try parts.files.freeBytes())
            while missing > 0 {
                missing -= parts.shelf.oldest?.chargedBytes ?? 0
                try evictOldest(&carried, &allowance)
            }
        } catch {
            for one in carried { parts.index.remove(one.slot) }
            throw error
        }
        return carried
    }

    /// Evicts the oldest segment without carrying anything over.
    mutating func evictOldest() throws(DiskFailure) {
        var carried: [Carried] = []
        var allowance = 0
        try evictOldest(&carried, &allowance)
    }

    private mutating func evictOldest(_ carried: inout [Carried], _ allowance: inout Int) throws(DiskFailure) {
        // All that is left may be files that were removed, but are still read.
        guard let oldest = parts.shelf.oldest else { throw DiskFailure(call: "evict", code: ENOSPC) }
        if active?.segment === oldest { active = nil }
        let slots = slots(of: oldest)
        try parts.files.remove(oldest.name)
        var evicted = 0
        for slot in slots {
            // Only now it is read whether it was hit: late hits count.
            guard let current = parts.index.find(slot.key), current.isSamePlace(as: slot) else { continue }
            if current.isHit, current.recordBytes <= allowance, let record = wholeRecord(current, of: oldest) {
                allowance -= current.recordBytes
                carried.append(Carried(slot: current, record: record))
            } else if parts.index.remove(current) {
                evicted += 1
            }
        }
        parts.shelf.remove(oldest)
        parts.counters.count {
            $0.segmentsEvicted += 1
            $0.recordsEvicted += evicted
        }
    }

    private func wholeRecord(_ slot: IndexSlot, of segment: Segment) -> DiskRecord? {
        // A record that cannot be read is not carried over.
        guard let result = try? RecordReading(file: segment.file, slot: slot).record(named: nil),
            case .found(let record) = result
        else { return nil }
        return record
    }

    /// Where the records of a segment are: by its list, or else by looking at the whole index.
    private func slots(of segment: Segment) -> [IndexSlot] {
        // A segment that cannot be read has no list.
        guard let size = try? segment.file.size(),
            let lines = try? Self.list(of: segment.file, size: size, id: segment.id)?.lines
        else { return parts.index.slots(in: segment.id) }
        return lines.filter { !$0.isTombstone }.map { IndexSlot($0, segment: segment.id) }
    }
}
