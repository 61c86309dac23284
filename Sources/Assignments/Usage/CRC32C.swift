/// The checksum of the log's lines: CRC-32C (Castagnoli; RFC 3720, appendix B.4), a byte at a time.
///
/// It finds what disks and torn writes do to a line; it is no protection against somebody who forges one.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0x82f6_3b78 ^ sum >> 1 : sum >> 1 }
    }

    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        var sum = ~UInt32(0)
        for byte in bytes { sum = table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
        return ~sum
    }
}
