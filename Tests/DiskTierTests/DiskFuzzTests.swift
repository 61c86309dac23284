import Caching
import NIOCore
import Testing
import VitrineTesting

/// Segment files that something has changed: opening never traps or fails, and no wrong byte is ever served.
@Suite("Damaged segments")
struct DiskFuzzTests {
    private static let count = 12

    @Test("never make the tier fail or lie", arguments: 1...4 as ClosedRange<UInt64>)
    func mutations(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let originals = try await segments(in: folder, isFinished: seed % 2 == 0)
        var found = 0
        for round in 0..<170 {
            var bytes = originals
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.mutate(&bytes, &random) }
            let cache = CacheFolder(folder, "round-\(round)")
            try cache.write(bytes, to: "00000001.segment")
            var settings = DiskTierSettings.small(folder)
            settings.folder = cache.path
            let tier = try await DiskTier.open(settings)
            for number in 0..<Self.count {
                let record = Self.sample(number)
                if let read = try await tier.read(record) {
                    #expect(read == record, "seed \(seed), round \(round)")
                    found += 1
                }
                let piece = try await tier.read(record.key, name: record.name, bodyRange: 10..<90_000)
                if let piece {
                    #expect(Array(piece.bytes.readableBytesView) == Array(record.body.readableBytesView.dropFirst(10)))
                }
                _ = try await tier.lease(record.key, name: record.name)
            }
            // What is left can be written on and opened again.
            tier.store(.sample(100))
            #expect(await tier.flush())
            await tier.shutdown()
            let again = try await DiskTier.open(settings)
            #expect(try await again.read(.sample(100)) == .sample(100))
            await again.shutdown()
        }
        #expect(found > 170)
    }

    private static func sample(_ number: Int) -> DiskRecord {
        .sample(number, bytes: number == 5 ? 70_000 : number * 40)
    }

    /// The bytes of one segment, with or without the list at its end.
    private func segments(in folder: TemporaryFolder, isFinished: Bool) async throws -> [UInt8] {
        var settings = DiskTierSettings.small(folder, segment: 128 << 10)
        settings.folder = folder.path(of: "original")
        let tier = try await DiskTier.open(settings)
        for number in 0..<Self.count { tier.store(Self.sample(number)) }
        tier.store(.sample(50))
        tier.remove(DiskRecord.sample(50).key)
        await tier.flush()
        if isFinished { await tier.shutdown() }
        let cache = CacheFolder(folder, "original")
        let bytes = try cache.bytes(try #require(try cache.segments.first))
        if !isFinished { await tier.shutdown() }
        return bytes
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard bytes.count > 8 else { return }
        // Heads and lists are small parts of a segment: half of the time, one of them is hit.
        let region = Bool.random(using: &random) ? bytes.count : min(bytes.count, 900)
        let start = Bool.random(using: &random) ? 0 : bytes.count - region
        let place = start + Int.random(in: 0..<region, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.append(contentsOf: random.bytes(Int.random(in: 1...200, using: &random)))
        case 4: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
        case 5: for index in place..<min(bytes.count, place + 512) { bytes[index] = 0 }
        default:
            // A head or a line of the list in another place.
            let source = Int.random(in: 0..<bytes.count, using: &random) & ~7
            let target = place & ~7
            let length = min(72, bytes.count - source, bytes.count - target)
            bytes.replaceSubrange(target..<target + length, with: Array(bytes[source..<source + length]))
        }
    }
}
