/// The checksum of groups of lines: CRC-32C (Castagnoli; RFC 3720, appendix B.4), eight bytes at a time.
///
/// By tables as in Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC
/// Generators" (2005). It finds what disks and torn writes do to a file; it is no protection against forgers.
struct CRC32C {
    /// Eight tables of 256, one behind the other: the remainders of a byte that is followed by 0 to 7 zero bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0x82f6_3b78 ^ sum >> 1 : sum >> 1 }
        }
        for index in 256..<2_048 {
            let shorter = tables[index - 256]
            tables.append(tables[Int(shorter & 0xff)] ^ shorter >> 8)
        }
        return tables
    }()

    private var sum = ~UInt32(0)

    /// Of everything that was added.
    var value: UInt32 { ~sum }

    static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        var checksum = CRC32C()
        checksum.add(bytes)
        return checksum.value
    }

    mutating func add(_ bytes: Span<UInt8>) {
        let array = Self.tables
        let tables = array.span
        precondition(tables.count == 2_048)
        var sum = sum
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.word(at: index) ^ UInt64(sum)
            sum = 0
            for byte in 0..<8 {
                let place = (7 - byte) * 256 + Int(word >> (8 * UInt64(byte)) & 0xff)
                // SAFETY: the place is below 8 times 256, and there are so many.
                sum ^= unsafe tables[unchecked: place]
            }
            index += 8
        }
        while index < bytes.count {
            sum = tables[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[index])] ^ sum >> 8
            index += 1
        }
        self.sum = sum
    }
}
