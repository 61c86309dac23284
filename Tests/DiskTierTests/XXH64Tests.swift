import NIOCore
import Testing

@testable import Caching

@Suite("XXH64")
struct XXH64Tests {
    /// Computed with the reference implementation (xxHash 0.8).
    @Test(
        "gives what the reference implementation gives",
        arguments: [
            ([], 0, 0xef46_db37_51d8_e999),
            (Array("a".utf8), 0, 0xd24e_c4f1_a98c_6e5b),
            (Array("Nobody inspects the spammish repetition".utf8), 0, 0xfbce_a83c_8a37_8bf1),
            (Array(0..<100), 0, 0x6ac1_e580_3216_6597),
            (Array(0..<100), 7, 0x8065_3e7e_9b88_7cdd),
        ] as [([UInt8], UInt64, UInt64)]
    )
    func reference(bytes: [UInt8], seed: UInt64, expected: UInt64) {
        let buffer = ByteBuffer(bytes: [9, 9, 9] + bytes)
        #expect(XXH64.checksum(of: buffer, from: 3, length: bytes.count, seed: seed) == expected)
    }
}
