import NIOCore

/// The list of records at the end of a finished segment, so that opening need not go from head to head.
///
/// It is a record of kind `index`, followed by a trailer of 32 bytes; see `docs/formats/cache-segment.md`.
enum SegmentIndex {
    struct Line: Equatable {
        var key: EntryKey
        var isTombstone: Bool
        /// Where the record begins in the file.
        var offset: Int
        var nameBytes: Int
        var metadataBytes: Int
        var bodyBytes: Int
    }

    static let lineBytes = 40
    static let trailerBytes = 32
    private static let magic: [UInt8] = Array("VTRINDEX".utf8)
    private static let checkedBytes = 24

    /// What list and trailer of so many lines take.
    static func bytes(lines: Int) -> Int {
        RecordHead.recordBytes(namedBytes: 0, bodyBytes: lines * lineBytes) + trailerBytes
    }

    /// List and trailer as they are to stand in segment `segment` from `offset` on.
    static func pieces(of lines: [Line], segment: UInt32, offset: Int) -> [ByteBuffer] {
        var body = ByteBuffer()
        body.reserveCapacity(lines.count * lineBytes)
        for line in lines {
            body.writeInteger(line.key.high, endianness: .big)
            body.writeInteger(line.key.low, endianness: .big)
            body.writeInteger(UInt64(line.offset), endianness: .little)
            body.writeInteger(UInt32(line.nameBytes), endianness: .little)
            body.writeInteger(UInt32(line.metadataBytes), endianness: .little)
            body.writeInteger(UInt32(line.bodyBytes), endianness: .little)
            body.writeInteger(line.isTombstone ? RecordHead.Kind.tombstone.rawValue : RecordHead.Kind.entry.rawValue)
            body.writeRepeatingByte(0, count: 3)
        }
        let record = DiskRecord(
            key: EntryKey(high: 0, low: 0),
            name: "",
            metadata: ByteBuffer(),
            body: body,
            costMilliseconds: 0,
            storedMilliseconds: 0
        )
        var trailer = ByteBuffer()
        trailer.writeBytes(magic)
        trailer.writeInteger(UInt64(offset), endianness: .little)
        trailer.writeInteger(UInt64(lines.count), endianness: .little)
        let checksum = XXH64.checksum(of: trailer, length: checkedBytes, seed: UInt64(segment))
        trailer.writeInteger(checksum, endianness: .little)
        return RecordHead.pieces(of: record, kind: .index, segment: segment).pieces + [trailer]
    }

    /// Where the list begins and how many lines it has, by the last 32 bytes of a file; `nil` if they are no trailer.
    static func trailer(_ bytes: ByteBuffer, segment: UInt32) -> (offset: Int, lines: Int)? {
        var buffer = bytes
        guard buffer.readableBytes == trailerBytes, buffer.readBytes(length: 8) == magic,
            let offset = buffer.readInteger(endianness: .little, as: UInt64.self).flatMap({ UInt32(exactly: $0 / 8) }),
            let lines = buffer.readInteger(endianness: .little, as: UInt64.self).flatMap({ UInt32(exactly: $0) }),
            buffer.readInteger(endianness: .little, as: UInt64.self)
                == XXH64.checksum(of: bytes, length: checkedBytes, seed: UInt64(segment))
        else { return nil }
        return (Int(offset) * 8, Int(lines))
    }

    /// The lines of a checked list; `nil` if one of them cannot be, such as one that leaves `places`.
    static func lines(_ body: ByteBuffer, within places: Range<Int>) -> [Line]? {
        var buffer = body
        var lines: [Line] = []
        lines.reserveCapacity(body.readableBytes / lineBytes)
        while buffer.readableBytes >= lineBytes {
            guard let high = buffer.readInteger(endianness: .big, as: UInt64.self),
                let low = buffer.readInteger(endianness: .big, as: UInt64.self),
                let offset = buffer.readInteger(endianness: .little, as: UInt64.self).flatMap({ Int(exactly: $0) }),
                let nameBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
                let metadataBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
                let bodyBytes = buffer.readInteger(endianness: .little, as: UInt32.self),
                let kind = buffer.readInteger(as: UInt8.self).flatMap(RecordHead.Kind.init), kind != .index,
                buffer.readBytes(length: 3) != nil,
                nameBytes <= RecordHead.nameBytesMax, metadataBytes <= RecordHead.metadataBytesMax,
                offset % 8 == 0, offset >= places.lowerBound, offset < places.upperBound
            else { return nil }
            let line = Line(
                key: EntryKey(high: high, low: low),
                isTombstone: kind == .tombstone,
                offset: offset,
                nameBytes: Int(nameBytes),
                metadataBytes: Int(metadataBytes),
                bodyBytes: Int(bodyBytes)
            )
            guard offset + line.recordBytes <= places.upperBound else { return nil }
            lines.append(line)
        }
        return buffer.readableBytes == 0 ? lines : nil
    }
}

extension SegmentIndex.Line {
    var recordBytes: Int {
        RecordHead.recordBytes(namedBytes: nameBytes + metadataBytes, bodyBytes: bodyBytes)
    }
}
