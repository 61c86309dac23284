import Glibc
import NIOCore

/// The writer's view of the segments: appends to the newest, finishes it when it is full, evicts the oldest.
///
/// Belongs to one thread. What was appended is neither on the disk nor in the index before `commit`.
struct SegmentLog {
    /// The segment that is being written.
    struct Active {
        let segment: Segment
        let capacity: Int
        /// Where the next record begins.
        var end: Int
        /// Of the records up to `end`.
        var lines: [SegmentIndex.Line] = []
    }

    /// Records that are about to be written together.
    struct Batch {
        enum Origin {
            case order(WriteQueue.Order)
            /// A record of an evicted segment that was hit.
            case carried(from: IndexSlot)
        }

        struct Item {
            var origin: Origin
            var line: SegmentIndex.Line
        }

        var items: [Item] = []
        var pieces: [ByteBuffer] = []
        var bytes = 0
    }

    let parts: DiskParts
    var active: Active?
    var batch = Batch()
    var nextID: UInt32 = 1
    /// Whether the folder's segments are known.
    var isRecovered = false

    /// Orders that found no segment with room.
    private var refused: [WriteQueue.Order] = []

    private static let batchBytes = 1 << 20
    private static let batchPieces = 768

    init(_ parts: DiskParts) {
        self.parts = parts
    }

    /// Adds a record or a tombstone to the batch; writes the batch when it has become large.
    ///
    /// If it throws, the order is written already or among those of `takeUnwritten`.
    mutating func append(_ order: WriteQueue.Order) throws(DiskFailure) {
        switch order.action {
        case .store(let record): try append(record, kind: .entry, order)
        case .remove(let key):
            let tombstone = DiskRecord(
                key: key,
                name: "",
                metadata: ByteBuffer(),
                body: ByteBuffer(),
                costMilliseconds: 0,
                storedMilliseconds: 0
            )
            try append(tombstone, kind: .tombstone, order)
        case .flush: break
        }
    }

    private mutating func append(
        _ record: DiskRecord,
        kind: RecordHead.Kind,
        _ order: WriteQueue.Order
    ) throws(DiskFailure) {
        do throws(DiskFailure) {
            if !hasRoom(for: order.bytes) { try roll(for: record, bytes: order.bytes) }
        } catch {
            refused.append(order)
            throw error
        }
        add(record, kind: kind, .order(order))
        if batch.bytes >= Self.batchBytes || batch.pieces.count >= Self.batchPieces { try commit() }
    }

    mutating func add(_ record: DiskRecord, kind: RecordHead.Kind, _ origin: Batch.Origin) {
        guard let active else { preconditionFailure("a record without a segment") }
        let (head, pieces) = RecordHead.pieces(of: record, kind: kind, segment: active.segment.id)
        let line = SegmentIndex.Line(
            key: record.key,
            isTombstone: kind == .tombstone,
            offset: active.end + batch.bytes,
            nameBytes: head.nameBytes,
            metadataBytes: head.metadataBytes,
            bodyBytes: head.bodyBytes
        )
        batch.items.append(Batch.Item(origin: origin, line: line))
        batch.pieces += pieces
        batch.bytes += head.recordBytes
    }

    private func hasRoom(for bytes: Int) -> Bool {
        guard let active else { return false }
        let lines = active.lines.count + batch.items.count + 1
        return active.end + batch.bytes + bytes + SegmentIndex.bytes(lines: lines) <= active.capacity
    }

    /// Writes the batch; what of it got to the disk before a failure counts as written.
    mutating func commit() throws(DiskFailure) {
        guard var active, !batch.items.isEmpty else { return }
        var failure: DiskFailure?
        active.segment.isSynchronized = false
        let written = Self.write(batch.pieces, to: active.segment.file, at: active.end, &failure)
        if failure == nil, parts.settings.synchronizesBatches {
            do throws(DiskFailure) { try active.segment.file.synchronize() } catch { failure = error }
        }
        let start = active.end
        var done = 0
        for item in batch.items where item.line.offset + item.line.recordBytes - start <= written {
            settle(item, in: active.segment)
            active.lines.append(item.line)
            active.end = item.line.offset + item.line.recordBytes
            done += 1
        }
        self.active = active
        batch.items.removeFirst(done)
        batch.pieces = []
        batch.bytes = 0
        if let failure {
            abandonTail()
            throw failure
        }
    }

    private func settle(_ item: Batch.Item, in segment: Segment) {
        let slot = IndexSlot(item.line, segment: segment.id)
        switch item.origin {
        case .order(let order): parts.desk.written(order, at: item.line.isTombstone ? nil : slot)
        case .carried(let old):
            parts.index.move(old, to: slot)
            parts.counters.count { $0.recordsReinserted += 1 }
        }
    }

    /// Cuts off what a failed write left; if that fails too, nothing is appended behind it any more.
    private mutating func abandonTail() {
        guard let active else { return }
        do throws(DiskFailure) {
            try active.segment.file.truncate(to: active.end)
        } catch {
            self.active = nil
        }
    }

    /// The orders that `commit` did not get to the disk; carried records among them are given up.
    mutating func takeUnwritten() -> [WriteQueue.Order] {
        var orders: [WriteQueue.Order] = []
        for item in batch.items {
            switch item.origin {
            case .order(let order): orders.append(order)
            case .carried(let old): parts.index.remove(old)
            }
        }
        orders += refused
        batch = Batch()
        refused = []
        return orders
    }

    /// Forces everything written to the disk.
    mutating func synchronize() throws(DiskFailure) {
        var isNew = false
        for segment in parts.shelf.all where !segment.isSynchronized {
            try segment.file.synchronize()
            segment.isSynchronized = true
            isNew = true
        }
        if isNew { try parts.files.synchronizeNames() }
    }

    /// Finishes the active segment with the list of its records.
    mutating func seal() {
        guard let active else { return }
        self.active = nil
        var failure: DiskFailure?
        let pieces = SegmentIndex.pieces(of: active.lines, segment: active.segment.id, offset: active.end)
        active.segment.isSynchronized = false
        let written = Self.write(pieces, to: active.segment.file, at: active.end, &failure)
        // Without the whole list, the records are found by going from head to head.
        active.segment.charge(active.end + written)
    }

    /// Writes all pieces, or as many bytes as can be; how many.
    static func write(
        _ pieces: [ByteBuffer],
        to file: any SegmentFile,
        at offset: Int,
        _ failure: inout DiskFailure?
    ) -> Int {
        var rest = pieces[...]
        var written = 0
        while !rest.isEmpty {
            var count: Int
            do throws(DiskFailure) {
                count = try file.write(Array(rest), at: offset + written)
            } catch {
                failure = error
                break
            }
            written += count
            while let first = rest.first, count >= first.readableBytes {
                count -= first.readableBytes
                rest.removeFirst()
            }
            if count > 0, var first = rest.popFirst() {
                first.moveReaderIndex(forwardBy: count)
                rest = [first] + rest
            }
        }
        return written
    }
}

extension IndexSlot {
    init(_ line: SegmentIndex.Line, segment: UInt32) {
        self.init(
            key: line.key,
            segment: segment,
            offset: line.offset,
            namedBytes: line.nameBytes + line.metadataBytes,
            bodyBytes: line.bodyBytes
        )
    }
}
