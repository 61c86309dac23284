import Testing
import VitrineTesting

@testable import Edge

@Suite("The hash of request bytes")
struct ByteHashTests {
    private static func hash(_ bytes: [UInt8], seed: UInt64 = 5) -> UInt64 {
        let hash = ByteHash(seed: seed)
        return hash.continued(hash.seed, bytes.span, 0..<bytes.count)
    }

    @Test("equal bytes hash equally wherever they stand")
    func position() {
        var random = SeededGenerator(seed: 1)
        let hash = ByteHash(seed: 9)
        for length in 0..<100 {
            let bytes = random.bytes(length)
            let own = hash.continued(hash.seed, bytes.span, 0..<length)
            for offset in 0..<9 {
                let moved = random.bytes(offset) + bytes + random.bytes(7)
                #expect(hash.continued(hash.seed, moved.span, offset..<offset + length) == own)
            }
        }
    }

    @Test("each changed bit changes about half of the hash")
    func avalanche() {
        var random = SeededGenerator(seed: 2)
        for length in [1, 2, 7, 8, 9, 15, 16, 17, 31, 40] {
            var changed = 0
            var trials = 0
            for _ in 0..<40 {
                let bytes = random.bytes(length)
                let before = Self.hash(bytes)
                for bit in 0..<length * 8 {
                    var other = bytes
                    other[bit / 8] ^= 1 << (bit % 8)
                    changed += (Self.hash(other) ^ before).nonzeroBitCount
                    trials += 1
                }
            }
            let mean = Double(changed) / Double(trials)
            #expect((28.0...36.0).contains(mean), "\(length) bytes: \(mean) bits")
        }
    }

    @Test("similar names do not collide, and another seed gives other hashes")
    func collisions() {
        var seen: Set<UInt64> = []
        for number in 0..<50_000 {
            seen.insert(Self.hash(Array("/img/unsafe/w:\(number)/q:80/original://a.jpg".utf8)))
        }
        for length in 0..<200 { seen.insert(Self.hash([UInt8](repeating: 0, count: length))) }
        #expect(seen.count == 50_200)
        #expect(Self.hash([1, 2, 3], seed: 1) != Self.hash([1, 2, 3], seed: 2))
    }

    @Test("the border between two ranges counts")
    func borders() {
        let hash = ByteHash(seed: 3)
        let bytes = Array("abcdefgh".utf8)
        var seen: Set<UInt64> = []
        for cut in 0...8 {
            seen.insert(hash.continued(hash.continued(hash.seed, bytes.span, 0..<cut), bytes.span, cut..<8))
        }
        #expect(seen.count == 9)
    }
}
