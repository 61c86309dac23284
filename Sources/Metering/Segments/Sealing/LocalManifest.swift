import NIOCore

/// A manifest on this node's disk: its line, and a line with the checksum of that.
enum LocalManifest {
    /// Longer files are none.
    static let bytesMax = SegmentManifest.bytesMax + 16

    static func encoded(_ manifest: SegmentManifest) -> ByteBuffer {
        let json = manifest.json
        return ByteBuffer(bytes: json + [UInt8(ascii: "\n")] + Array(checksum(of: json).utf8) + [UInt8(ascii: "\n")])
    }

    /// `nil` if the file was cut or changed.
    static func decoded(_ buffer: ByteBuffer) -> SegmentManifest? {
        let lines = buffer.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty, lines[1].elementsEqual(checksum(of: Array(lines[0])).utf8)
        else { return nil }
        return SegmentManifest(json: Array(lines[0]))
    }

    /// CRC-32C in eight hexadecimal digits.
    private static func checksum(of bytes: [UInt8]) -> String {
        let digits = String(CRC32C.checksum(of: bytes.span), radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
