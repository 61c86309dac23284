import NIOCore

/// The 32 bytes before each group of lines, with checksums of themselves and of the lines.
struct GroupHeader: Hashable {
    static let bytes = 32
    /// Bytes of lines in a group, at most.
    static let linesBytesMax = 256 << 20
    /// No byte of 254 or 255 stands in UTF-8, and so none in lines.
    static let magic: [UInt8] = [0xfe, 0xff] + Array("GR".utf8)

    /// The segment's number.
    var number: UInt64
    /// Which group of the part it is, from 0 on.
    var index: UInt32
    var lines: UInt32
    /// Bytes of the lines, which follow the header.
    var linesBytes: UInt32
    /// CRC-32C of the lines.
    var checksum: UInt32

    var encoded: ByteBuffer {
        var header = ByteBuffer()
        header.reserveCapacity(Self.bytes)
        header.writeBytes(Self.magic)
        header.writeInteger(index, endianness: .little)
        header.writeInteger(number, endianness: .little)
        header.writeInteger(lines, endianness: .little)
        header.writeInteger(linesBytes, endianness: .little)
        header.writeInteger(checksum, endianness: .little)
        header.writeInteger(CRC32C.checksum(of: header.readableBytesUInt8Span), endianness: .little)
        return header
    }
}

extension GroupHeader {
    /// The header that stands at an index of a buffer; `nil` if there is none that is whole.
    init?(_ buffer: ByteBuffer, at start: Int) {
        guard var rest = buffer.getSlice(at: start, length: Self.bytes) else { return nil }
        guard let content = rest.getSlice(at: 0, length: Self.bytes - 4),
            let magic = rest.readSlice(length: Self.magic.count), magic.readableBytesView.elementsEqual(Self.magic),
            let index = rest.readInteger(endianness: .little, as: UInt32.self),
            let number = rest.readInteger(endianness: .little, as: UInt64.self),
            let lines = rest.readInteger(endianness: .little, as: UInt32.self),
            let linesBytes = rest.readInteger(endianness: .little, as: UInt32.self),
            let checksum = rest.readInteger(endianness: .little, as: UInt32.self),
            let own = rest.readInteger(endianness: .little, as: UInt32.self),
            own == CRC32C.checksum(of: content.readableBytesUInt8Span), linesBytes <= Self.linesBytesMax
        else { return nil }
        self.init(number: number, index: index, lines: lines, linesBytes: linesBytes, checksum: checksum)
    }
}
