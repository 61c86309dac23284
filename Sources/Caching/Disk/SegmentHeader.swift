import NIOCore

/// The first 64 bytes of a segment file; see `docs/formats/cache-segment.md`.
struct SegmentHeader: Equatable {
    static let version: UInt32 = 1
    static let bytes = 64
    private static let magic: [UInt8] = Array("VTRSEGMT".utf8)
    private static let checkedBytes = 56

    var id: UInt32
    /// Milliseconds since 1970, by the clock of whoever stored the first record.
    var createdMilliseconds: Int64

    enum Verdict: Equatable {
        case header(SegmentHeader)
        case otherVersion
        case damaged
    }

    var encoded: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeBytes(Self.magic)
        buffer.writeInteger(Self.version, endianness: .little)
        buffer.writeInteger(UInt32(Self.bytes), endianness: .little)
        buffer.writeInteger(UInt64(id), endianness: .little)
        buffer.writeInteger(createdMilliseconds, endianness: .little)
        buffer.writeRepeatingByte(0, count: 24)
        buffer.writeInteger(XXH64.checksum(of: buffer), endianness: .little)
        return buffer
    }

    /// What the first bytes of a file say.
    static func decode(_ bytes: ByteBuffer) -> Verdict {
        var buffer = bytes
        guard buffer.readBytes(length: 8) == magic,
            let version = buffer.readInteger(endianness: .little, as: UInt32.self)
        else { return .damaged }
        // Other versions may have other headers: only the first twelve bytes are the same for ever.
        guard version == Self.version else { return .otherVersion }
        guard buffer.readInteger(endianness: .little, as: UInt32.self) == UInt32(Self.bytes),
            let id = buffer.readInteger(endianness: .little, as: UInt64.self).flatMap({ UInt32(exactly: $0) }),
            let created = buffer.readInteger(endianness: .little, as: Int64.self),
            buffer.readBytes(length: 24)?.allSatisfy({ $0 == 0 }) == true,
            buffer.readInteger(endianness: .little, as: UInt64.self)
                == XXH64.checksum(of: bytes, length: checkedBytes)
        else { return .damaged }
        return .header(SegmentHeader(id: id, createdMilliseconds: created))
    }
}
