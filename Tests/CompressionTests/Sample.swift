import Crypto
import DeliveryTypes

/// Bodies for the tests.
enum Sample {
    /// A settings document of about `members` × 45 bytes; `edits` members differ from those of the same seed.
    static func document(members: Int, edits: Int = 0, seed: UInt64 = 7) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var values = (0..<members).map { _ in random.next() }
        for _ in 0..<edits { values[Int.random(in: 0..<members, using: &random)] = random.next() }
        let texts = values.enumerated().map { place, value in
            let id = String(value, radix: 16)
            return "\"setting_\(place)\":{\"on\":\(value % 2 == 0),\"limit\":\(value % 1_000),\"id\":\"\(id)\"}"
        }
        return Array(("{" + texts.joined(separator: ",") + "}").utf8)
    }

    static func noise(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 11)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    static func digest(_ bytes: [UInt8]) -> ContentDigest { ContentDigest(bytes: Array(SHA256.hash(data: bytes))) }

    static let bodies: [[UInt8]] = [
        [], [0x7B], Array("{}".utf8), noise(70_000), document(members: 8_000),
        [UInt8](repeating: 0x61, count: 500_000),
    ]
}
