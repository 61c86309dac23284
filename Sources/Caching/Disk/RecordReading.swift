import NIOCore

/// Takes records out of segment files, and says of each piece whether it is what was written.
struct RecordReading {
    enum Result<Value> {
        case found(Value)
        /// The record is whole, but has another name.
        case otherName
        case damaged
    }

    /// Everything of a record but its body.
    struct Front {
        var head: RecordHead
        var name: String
        var metadata: ByteBuffer
        var blockChecksums: ByteBuffer
        /// Where the body begins in the file.
        var bodyOffset: Int
    }

    let file: any SegmentFile
    let slot: IndexSlot
    var kind = RecordHead.Kind.entry

    /// Bytes of a body that are checked at once, without being kept.
    private static let checkedBytes = 16 * RecordHead.blockBytes

    func record(named name: String?) throws(DiskFailure) -> Result<DiskRecord> {
        let bytes = try file.read(slot.recordBytes, at: slot.offset)
        guard let front = front(of: bytes) else { return .damaged }
        if let name, front.name != name { return .otherName }
        let start = front.bodyOffset - slot.offset
        guard let body = bytes.getSlice(at: bytes.readerIndex + start, length: slot.bodyBytes),
            Self.isWhole(body, from: 0, front)
        else { return .damaged }
        return .found(
            DiskRecord(
                key: slot.key,
                name: front.name,
                metadata: front.metadata,
                body: body,
                costMilliseconds: front.head.costMilliseconds,
                storedMilliseconds: front.head.storedMilliseconds
            )
        )
    }

    func piece(_ range: Range<Int>, named name: String) throws(DiskFailure) -> Result<DiskPiece> {
        let range = range.clamped(to: 0..<slot.bodyBytes)
        switch try front(named: name) {
        case .damaged: return .damaged
        case .otherName: return .otherName
        case .found(let front):
            var bytes = ByteBuffer()
            if !range.isEmpty {
                let start = range.lowerBound / RecordHead.blockBytes * RecordHead.blockBytes
                let end = min(slot.bodyBytes, RecordHead.blockCount(range.upperBound) * RecordHead.blockBytes)
                let blocks = try file.read(end - start, at: front.bodyOffset + start)
                guard blocks.readableBytes == end - start, Self.isWhole(blocks, from: start, front),
                    let slice = blocks.getSlice(
                        at: blocks.readerIndex + range.lowerBound - start,
                        length: range.count
                    )
                else { return .damaged }
                bytes = slice
            }
            return .found(
                DiskPiece(
                    metadata: front.metadata,
                    bytes: bytes,
                    bodyBytes: slot.bodyBytes,
                    costMilliseconds: front.head.costMilliseconds,
                    storedMilliseconds: front.head.storedMilliseconds
                )
            )
        }
    }

    /// All but the body, which is read and checked piece by piece, but not kept.
    func checkedFront(named name: String) throws(DiskFailure) -> Result<Front> {
        let result = try front(named: name)
        guard case .found(let front) = result else { return result }
        for start in stride(from: 0, to: slot.bodyBytes, by: Self.checkedBytes) {
            let length = min(Self.checkedBytes, slot.bodyBytes - start)
            let blocks = try file.read(length, at: front.bodyOffset + start)
            guard blocks.readableBytes == length, Self.isWhole(blocks, from: start, front) else { return .damaged }
        }
        return result
    }

    private func front(named name: String) throws(DiskFailure) -> Result<Front> {
        let length = RecordHead.bytes + RecordHead.blockCount(slot.bodyBytes) * 8 + slot.namedBytes
        guard let front = front(of: try file.read(length, at: slot.offset)) else { return .damaged }
        return front.name == name ? .found(front) : .otherName
    }

    /// The front at the beginning of `bytes`, if it is that of the slot.
    private func front(of bytes: ByteBuffer) -> Front? {
        guard let head = RecordHead.decode(bytes, segment: slot.segment), head.kind == kind, head.key == slot.key,
            head.bodyBytes == slot.bodyBytes, head.nameBytes + head.metadataBytes == slot.namedBytes,
            bytes.readableBytes >= RecordHead.bytes + head.contentBytes,
            XXH64.checksum(of: bytes, from: RecordHead.bytes, length: head.contentBytes) == head.contentChecksum
        else { return nil }
        var content = bytes
        content.moveReaderIndex(forwardBy: RecordHead.bytes)
        guard let checksums = content.readSlice(length: RecordHead.blockCount(head.bodyBytes) * 8),
            let name = content.readString(length: head.nameBytes),
            let metadata = content.readSlice(length: head.metadataBytes)
        else { return nil }
        return Front(
            head: head,
            name: name,
            metadata: metadata,
            blockChecksums: checksums,
            bodyOffset: slot.offset + RecordHead.bytes + head.contentBytes
        )
    }

    /// Whether whole blocks of a body, the first of which begins at `start` in it, have their checksums.
    private static func isWhole(_ blocks: ByteBuffer, from start: Int, _ front: Front) -> Bool {
        let checksums = front.blockChecksums
        for offset in stride(from: 0, to: blocks.readableBytes, by: RecordHead.blockBytes) {
            let length = min(RecordHead.blockBytes, blocks.readableBytes - offset)
            let position = checksums.readerIndex + (start + offset) / RecordHead.blockBytes * 8
            let expected = checksums.getInteger(at: position, endianness: .little, as: UInt64.self)
            guard expected == XXH64.checksum(of: blocks, from: offset, length: length) else { return false }
        }
        return true
    }
}
