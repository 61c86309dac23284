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
        var sum = sum
        var index = 0
        while index + 8 <= bytes.count {
            let near = sum ^ Self.word(bytes, at: index)
            let far = Self.word(bytes, at: index + 4)
            sum = tables[1_792 + Int(near & 0xff)] ^ tables[1_536 + Int(near >> 8 & 0xff)]
            sum ^= tables[1_280 + Int(near >> 16 & 0xff)] ^ tables[1_024 + Int(near >> 24)]
            sum ^= tables[768 + Int(far & 0xff)] ^ tables[512 + Int(far >> 8 & 0xff)]
            sum ^= tables[256 + Int(far >> 16 & 0xff)] ^ tables[Int(far >> 24)]
            index += 8
        }
        while index < bytes.count {
            sum = tables[Int(UInt8(truncatingIfNeeded: sum) ^ bytes[index])] ^ sum >> 8
            index += 1
        }
        self.sum = sum
    }

    /// Four bytes, the lowest first.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        let low = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
        let high = UInt32(bytes[index + 2]) | UInt32(bytes[index + 3]) << 8
        return low | high << 16
    }
}
