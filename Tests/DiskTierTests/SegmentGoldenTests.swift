import Caching
import FoundationEssentials
import NIOCore
import Testing
import VitrineTesting

/// `Tests/Goldens/cache-segment.bin`: a finished segment; `UPDATE_GOLDENS=1` rewrites it for review.
@Suite("The segment format", .serialized)
struct SegmentGoldenTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens/cache-segment.bin")

    /// Two records, the second with a body of two blocks, and the removal of a third.
    private static let records = [
        record(1, body: "picture"), record(2, body: String(repeating: "0123456789abcdef", count: 4097)),
        record(3, body: ""),
    ]

    private static func record(_ number: UInt64, body: String) -> DiskRecord {
        DiskRecord(
            key: EntryKey(high: 0x0102_0304_0506_0708, low: number),
            name: "GET example.test/\(number)",
            metadata: ByteBuffer(string: "{}"),
            body: ByteBuffer(string: body),
            costMilliseconds: 12.5,
            storedMilliseconds: 1_767_225_600_000
        )
    }

    @Test("is written as it was")
    func written() async throws {
        let folder = try TemporaryFolder()
        let tier = try await DiskTier.open(.small(folder, budget: 4 << 20, segment: 256 << 10))
        for record in Self.records { tier.store(record) }
        tier.remove(Self.records[2].key)
        await tier.shutdown()
        let bytes = try CacheFolder(folder).bytes("00000001.segment")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try Data(bytes).write(to: Self.golden) }
        #expect(try Array(Data(contentsOf: Self.golden)) == bytes)
    }

    @Test("is read as it was")
    func read() async throws {
        let folder = try TemporaryFolder()
        try CacheFolder(folder).write(Array(Data(contentsOf: Self.golden)), to: "00000001.segment")
        let tier = try await DiskTier.open(.small(folder))
        for record in Self.records.prefix(2) { #expect(try await tier.read(record) == record) }
        #expect(tier.find(Self.records[2].key) == nil)
        #expect(tier.statistics.recordsRecovered == 2)
        await tier.shutdown()
    }
}
