/// The checksum of the log's lines: CRC-32C (Castagnoli; RFC 3720, appendix B.4), eight bytes at a time.
///
/// It finds what disks and torn writes do to a line; it is no protection against somebody who forges one. Eight tables,
/// so that eight bytes need no result of one another: M. E. Kounavis and F. L. Berry, "A Systematic Approach to
/// Building High Performance, Software-based, CRC Generators", 2005 ("slicing by 8").
enum CRC32C {
    /// One after the other: the sum of a byte that 0, 1, … 7 bytes follow.
    private static let tables: [UInt32] = {
        let first: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0x82f6_3b78 ^ sum >> 1 : sum >> 1 }
        }
        var all = first
        for _ in 1..<8 { all += all.suffix(256).map { first[Int($0 & 0xff)] ^ $0 >> 8 } }
        return all
    }()

    static func checksum(of bytes: [UInt8]) -> UInt32 { checksum(of: bytes.span) }

    static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 { checksum(of: bytes.span) }

    static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var sum = ~UInt32(0)
        var index = 0
        while index + 8 <= bytes.count {
            let low = sum ^ word(bytes, index)
            let high = word(bytes, index + 4)
            sum = 0
            for byte in 0..<4 {
                sum ^= tables[(7 - byte) << 8 | Int(truncatingIfNeeded: low >> UInt32(8 * byte) & 0xff)]
                sum ^= tables[(3 - byte) << 8 | Int(truncatingIfNeeded: high >> UInt32(8 * byte) & 0xff)]
            }
            index += 8
        }
        while index < bytes.count {
            sum = tables[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[index])] ^ sum >> 8
            index += 1
        }
        return ~sum
    }

    /// Four bytes, the first lowest.
    private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }
}
