import NIOCore

/// The 64 bytes before each record; see `docs/formats/cache-segment.md`.
///
/// Checksums form a chain: the head's covers the content's, that of the content covers those of the body's blocks. So a
/// part of a body can be checked with the head and its own blocks alone.
struct RecordHead: Equatable {
    enum Kind: UInt8 {
        case entry = 1
        /// Says that the key has no record before this place.
        case tombstone = 2
        /// The list of a finished segment's records.
        case index = 3
    }

    static let bytes = 64
    /// The body is checked in blocks of so many bytes.
    static let blockBytes = 65_536
    static let nameBytesMax = 65_535
    static let metadataBytesMax = 1 << 20
    private static let magic: UInt32 = 0x4345_5256  // "VREC"
    private static let checkedBytes = 56

    var kind: Kind
    var key: EntryKey
    /// Milliseconds since 1970.
    var storedMilliseconds: Int64 = 0
    var costMilliseconds: Float = 0
    var nameBytes = 0
    var metadataBytes = 0
    var bodyBytes = 0
    /// Of the block checksums, the name and the metadata.
    var contentChecksum: UInt64 = 0

    /// What stands between head and body: block checksums, name, metadata.
    var contentBytes: Int { Self.blockCount(bodyBytes) * 8 + nameBytes + metadataBytes }
    /// With the padding to the next record.
    var recordBytes: Int { Self.recordBytes(namedBytes: nameBytes + metadataBytes, bodyBytes: bodyBytes) }

    static func blockCount(_ bodyBytes: Int) -> Int { (bodyBytes + blockBytes - 1) / blockBytes }

    /// The length of a record of such a body, and of name and metadata of `namedBytes` together.
    static func recordBytes(namedBytes: Int, bodyBytes: Int) -> Int {
        (bytes + blockCount(bodyBytes) * 8 + namedBytes + bodyBytes + 7) & ~7
    }

    /// Appends the head as it is to stand in segment `segment`.
    func encode(into buffer: inout ByteBuffer, segment: UInt32) {
        let start = buffer.readableBytes
        buffer.writeInteger(Self.magic, endianness: .little)
        buffer.writeInteger(kind.rawValue)
        buffer.writeRepeatingByte(0, count: 3)
        buffer.writeInteger(key.high, endianness: .big)
        buffer.writeInteger(key.low, endianness: .big)
        buffer.writeInteger(storedMilliseconds, endianness: .little)
        buffer.writeInteger(costMilliseconds.bitPattern, endianness: .little)
        buffer.writeInteger(UInt32(nameBytes), endianness: .little)
        buffer.writeInteger(UInt32(metadataBytes), endianness: .little)
        buffer.writeInteger(UInt32(bodyBytes), endianness: .little)
        buffer.writeInteger(contentChecksum, endianness: .little)
        let checksum = XXH64.checksum(of: buffer, from: start, length: Self.checkedBytes, seed: UInt64(segment))
        buffer.writeInteger(checksum, endianness: .little)
    }

    /// The head at the beginning of `bytes`; `nil` if that is none of segment `segment`.
    static func decode(_ bytes: ByteBuffer, segment: UInt32) -> RecordHead? {
        var buffer = bytes
        guard buffer.readableBytes >= Self.bytes,
            buffer.readInteger(endianness: .little, as: UInt32.self) == magic,
            let kind = buffer.readInteger(as: UInt8.self).flatMap(Kind.init),
            buffer.readBytes(length: 3) == [0, 0, 0],
            let high = buffer.readInteger(endianness: .big, as: UInt64.self),
            let low = buffer.readInteger(endianness: .big, as: UInt64.self),
            let stored = buffer.readInteger(endianness: .little, as: Int64.self),
            let cost = buffer.readInteger(endianness: .little, as: UInt32.self),
            let nameBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
            let metadataBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
            let bodyBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
            let contentChecksum = buffer.readInteger(endianness: .little, as: UInt64.self),
            buffer.readInteger(endianness: .little, as: UInt64.self)
                == XXH64.checksum(of: bytes, length: checkedBytes, seed: UInt64(segment)),
            nameBytes <= nameBytesMax, metadataBytes <= metadataBytesMax
        else { return nil }
        return RecordHead(
            kind: kind,
            key: EntryKey(high: high, low: low),
            storedMilliseconds: stored,
            costMilliseconds: Float(bitPattern: cost),
            nameBytes: Int(nameBytes),
            metadataBytes: Int(metadataBytes),
            bodyBytes: Int(bodyBytes),
            contentChecksum: contentChecksum
        )
    }

    /// Head, content, body and padding of a record, in pieces to be written one behind the other; completes the head.
    static func pieces(
        of record: DiskRecord,
        kind: Kind = .entry,
        segment: UInt32
    ) -> (head: RecordHead, pieces: [ByteBuffer]) {
        var head = RecordHead(kind: kind, key: record.key)
        head.storedMilliseconds = record.storedMilliseconds
        head.costMilliseconds = record.costMilliseconds
        head.nameBytes = record.name.utf8.count
        head.metadataBytes = record.metadata.readableBytes
        head.bodyBytes = record.body.readableBytes

        var content = ByteBuffer()
        content.reserveCapacity(head.contentBytes)
        for start in stride(from: 0, to: head.bodyBytes, by: blockBytes) {
            let length = min(blockBytes, head.bodyBytes - start)
            let checksum = XXH64.checksum(of: record.body, from: start, length: length)
            content.writeInteger(checksum, endianness: .little)
        }
        content.writeString(record.name)
        content.writeImmutableBuffer(record.metadata)
        head.contentChecksum = XXH64.checksum(of: content)

        var front = ByteBuffer()
        front.reserveCapacity(bytes + head.contentBytes)
        head.encode(into: &front, segment: segment)
        front.writeImmutableBuffer(content)
        let padding = head.recordBytes - bytes - head.contentBytes - head.bodyBytes
        let pieces = [front, record.body, ByteBuffer(repeating: 0, count: padding)]
        return (head, pieces.filter { $0.readableBytes > 0 })
    }
}
