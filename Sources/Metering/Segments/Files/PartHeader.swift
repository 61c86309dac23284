import NIOCore

/// The first 32 bytes of a part: what it is, and of which segment.
enum PartHeader {
    static let bytes = 32
    /// No byte of 255 stands in UTF-8, and so none in lines.
    private static let magic: [UInt8] = [0xff] + Array("VTRUSE".utf8) + [0x0a]
    private static let version: UInt32 = 1

    static func encoded(number: UInt64, part: UInt32) -> ByteBuffer {
        var header = ByteBuffer()
        header.reserveCapacity(bytes)
        header.writeBytes(magic)
        header.writeInteger(version, endianness: .little)
        header.writeInteger(part, endianness: .little)
        header.writeInteger(number, endianness: .little)
        header.writeInteger(UInt32(0), endianness: .little)
        header.writeInteger(CRC32C.checksum(of: header.readableBytesUInt8Span), endianness: .little)
        return header
    }

    /// Whether a buffer begins with the header of just this part.
    static func stands(in buffer: ByteBuffer, number: UInt64, part: UInt32) -> Bool {
        buffer.getSlice(at: buffer.readerIndex, length: bytes) == encoded(number: number, part: part)
    }
}
