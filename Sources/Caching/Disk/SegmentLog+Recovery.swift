import NIOCore

extension SegmentLog {
    /// What a segment file was found to have.
    struct Findings {
        var lines: [SegmentIndex.Line] = []
        /// Where the last record ends.
        var end = SegmentHeader.bytes
        /// Whether what follows looks like a write that a crash cut off.
        var isTorn = false
        var isDamaged = false
        var hasFailed = false
    }

    /// The largest file that the index can point into.
    private static let fileBytesMax = 8 << 32

    /// Finds the records of all segments again, oldest first; `mayWrite` lets it mend and remove files.
    ///
    /// - Throws: if the folder cannot be read. No segment's damage makes it throw.
    mutating func recover(mayWrite: Bool) throws(DiskFailure) {
        let ids = try parts.files.names().compactMap(Segment.id(ofName:)).sorted()
        for id in ids where parts.shelf.segment(id) == nil { recover(id, mayWrite: mayWrite) }
        nextID = max(nextID, (ids.last ?? 0) &+ 1)
        isRecovered = true
        let recovered = parts.index.count
        parts.counters.count { $0.recordsRecovered = recovered }
        guard mayWrite else { return }
        while parts.ledger.usedBytes > parts.settings.budgetBytes { try evictOldest() }
    }

    private mutating func recover(_ id: UInt32, mayWrite: Bool) {
        var findings = Findings()
        var isListed = false
        do throws(DiskFailure) {
            let file = try parts.files.open(Segment.name(of: id))
            let size = try file.size()
            let segment = Segment(
                id: id,
                file: file,
                chargedBytes: size,
                isSynchronized: true,
                ledger: parts.ledger
            )
            // Shelved in any case: what cannot be removed now is evicted in its turn, and its space is accounted for.
            parts.shelf.add(segment)
            let header = try file.read(SegmentHeader.bytes, at: 0)
            switch size <= Self.fileBytesMax ? SegmentHeader.decode(header) : .damaged {
            case .header(let header) where header.id == id: break
            case .otherVersion:
                parts.counters.count { $0.segmentsOfOtherVersion += 1 }
                return discard(segment, mayWrite: mayWrite)
            case .header, .damaged:
                parts.counters.count { $0.segmentsDamaged += 1 }
                return discard(segment, mayWrite: mayWrite)
            }
            if let list = try Self.list(of: file, size: size, id: id) {
                findings.lines = list.lines
                isListed = true
            } else {
                findings = Self.scan(file, size: size, id: id)
            }
            apply(findings.lines, of: id)
            guard !isListed else { return }
            parts.counters.count {
                if findings.isTorn { $0.segmentsTorn += 1 }
                if findings.isDamaged || findings.hasFailed { $0.segmentsDamaged += 1 }
            }
            guard mayWrite, !findings.hasFailed else { return }
            if findings.lines.isEmpty { return discard(segment, mayWrite: true) }
            mend(segment, findings)
        } catch {
            parts.counters.count { $0.segmentsDamaged += 1 }
        }
    }

    private func apply(_ lines: [SegmentIndex.Line], of id: UInt32) {
        for line in lines {
            if line.isTombstone {
                parts.index.remove(line.key)
            } else {
                parts.index.insert(IndexSlot(line, segment: id))
            }
        }
    }

    private func discard(_ segment: Segment, mayWrite: Bool) {
        guard mayWrite else { return }
        do throws(DiskFailure) {
            try parts.files.remove(segment.name)
            parts.shelf.remove(segment)
        } catch {
            // It stays on the shelf without records, and is tried again when it is the oldest.
        }
    }

    /// Cuts off what is no record and adds the list.
    private func mend(_ segment: Segment, _ findings: Findings) {
        var failure: DiskFailure?
        let pieces = SegmentIndex.pieces(of: findings.lines, segment: segment.id, offset: findings.end)
        do throws(DiskFailure) {
            try segment.file.truncate(to: findings.end)
            segment.isSynchronized = false
            let written = Self.write(pieces, to: segment.file, at: findings.end, &failure)
            segment.charge(findings.end + written)
        } catch {
            // It stays as it is: its records are known, and the next opening finds the same.
        }
    }

    /// The list at a segment's end; `nil` if there is none, or it is damaged.
    static func list(
        of file: any SegmentFile,
        size: Int,
        id: UInt32
    ) throws(DiskFailure) -> (lines: [SegmentIndex.Line], end: Int)? {
        let tail = size - SegmentIndex.trailerBytes
        guard tail >= SegmentHeader.bytes + RecordHead.bytes,
            let trailer = SegmentIndex.trailer(try file.read(SegmentIndex.trailerBytes, at: tail), segment: id),
            trailer.offset >= SegmentHeader.bytes, trailer.lines <= size / RecordHead.bytes,
            trailer.offset + SegmentIndex.bytes(lines: trailer.lines) == size
        else { return nil }
        let slot = IndexSlot(
            key: EntryKey(high: 0, low: 0),
            segment: id,
            offset: trailer.offset,
            namedBytes: 0,
            bodyBytes: trailer.lines * SegmentIndex.lineBytes
        )
        guard case .found(let record) = try RecordReading(file: file, slot: slot, kind: .index).record(named: nil),
            let lines = SegmentIndex.lines(record.body, within: SegmentHeader.bytes..<trailer.offset)
        else { return nil }
        return (lines, trailer.offset)
    }

    /// Goes from head to head up to the first that is none.
    static func scan(_ file: any SegmentFile, size: Int, id: UInt32) -> Findings {
        var findings = Findings()
        while findings.end < size {
            let bytes: ByteBuffer
            do throws(DiskFailure) {
                bytes = try file.read(RecordHead.bytes, at: findings.end)
            } catch {
                findings.hasFailed = true
                return findings
            }
            guard bytes.readableBytes == RecordHead.bytes else {
                findings.isTorn = true
                return findings
            }
            guard let head = RecordHead.decode(bytes, segment: id) else {
                findings.isDamaged = true
                return findings
            }
            guard head.kind != .index, findings.end + head.recordBytes <= size else {
                findings.isTorn = true
                return findings
            }
            let line = SegmentIndex.Line(
                key: head.key,
                isTombstone: head.kind == .tombstone,
                offset: findings.end,
                nameBytes: head.nameBytes,
                metadataBytes: head.metadataBytes,
                bodyBytes: head.bodyBytes
            )
            findings.lines.append(line)
            findings.end += head.recordBytes
        }
        return findings
    }
}
