import Caching
import Glibc
import NIOCore
import Testing
import VitrineTesting

@Suite("Disk tier")
struct DiskTierTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a stored record is found at once, after it is written and after opening again")
    func roundTrip() async throws {
        let record = DiskRecord.sample(1, bytes: 5001)
        let tier = try await DiskTier.open(.small(folder))
        #expect(tier.find(record.key) == nil)
        #expect(tier.store(record))
        #expect(tier.find(record.key)?.bodyBytes == 5001)
        #expect(try await tier.read(record) == record)
        #expect(await tier.flush())
        #expect(tier.find(record.key)?.isPending == false)
        #expect(try await tier.read(record) == record)
        await tier.shutdown()

        let again = try await DiskTier.open(.small(folder))
        #expect(try await again.read(record) == record)
        #expect(again.statistics.recordsRecovered == 1)
        await again.shutdown()
    }

    @Test("a record without name, metadata and body is a record")
    func empty() async throws {
        var record = DiskRecord.sample(1, bytes: 0)
        record.name = ""
        record.metadata = ByteBuffer()
        let tier = try await DiskTier.open(.small(folder))
        tier.store(record)
        await tier.flush()
        #expect(try await tier.read(record) == record)
        await tier.shutdown()
    }

    @Test("another name of the same key finds nothing and leaves the record alone")
    func otherName() async throws {
        let record = DiskRecord.sample(1)
        let tier = try await DiskTier.open(.small(folder))
        tier.store(record)
        await tier.flush()
        #expect(try await tier.read(record.key, name: "other") == nil)
        #expect(try await tier.lease(record.key, name: "other") == nil)
        #expect(try await tier.read(record) == record)
        #expect(tier.statistics.readsOtherName == 2)
        await tier.shutdown()
    }

    @Test("the newest of a key's records is found, also after opening again")
    func replacement() async throws {
        let tier = try await DiskTier.open(.small(folder))
        for version in 0..<5 as Range<UInt64> { tier.store(.sample(1, version: version)) }
        #expect(try await tier.read(.sample(1)) == .sample(1, version: 4))
        await tier.flush()
        tier.store(.sample(1, version: 5))
        await tier.shutdown()
        let again = try await DiskTier.open(.small(folder))
        #expect(try await again.read(.sample(1)) == .sample(1, version: 5))
        #expect(again.statistics.entries == 1)
        await again.shutdown()
    }

    @Test("a removed record is gone at once and stays gone", arguments: [false, true])
    func removal(isWritten: Bool) async throws {
        let record = DiskRecord.sample(1)
        let tier = try await DiskTier.open(.small(folder))
        tier.store(record)
        tier.store(.sample(2))
        if isWritten { await tier.flush() }
        #expect(tier.remove(record.key))
        #expect(!tier.remove(record.key))
        #expect(tier.find(record.key) == nil)
        #expect(try await tier.read(record) == nil)
        await tier.flush()
        #expect(tier.find(record.key) == nil)
        await tier.shutdown()
        let again = try await DiskTier.open(.small(folder))
        #expect(try await again.read(record) == nil)
        #expect(try await again.read(.sample(2)) == .sample(2))
        await again.shutdown()
    }

    @Test("removing what is not there writes nothing")
    func needlessRemoval() async throws {
        let tier = try await DiskTier.open(.small(folder))
        #expect(!tier.remove(DiskRecord.sample(1).key))
        await tier.flush()
        #expect(tier.statistics.segments == 0)
        await tier.shutdown()
    }

    @Test(
        "a range gives those bytes of the body, from memory and from the disk",
        arguments: [0..<1, 0..<65_536, 65_535..<65_537, 100_000..<250_000, 65_536..<131_072, 199_999..<200_000, 7..<7]
    )
    func range(_ range: Range<Int>) async throws {
        let record = DiskRecord.sample(1, bytes: 200_000)
        let tier = try await DiskTier.open(.small(folder, budget: 4 << 20, segment: 512 << 10))
        let inside = range.clamped(to: 0..<200_000)
        let expected = record.body.getSlice(at: inside.lowerBound, length: inside.count)
        tier.store(record)
        #expect(try await tier.read(record.key, name: record.name, bodyRange: range)?.bytes == expected)
        await tier.flush()
        let piece = try #require(try await tier.read(record.key, name: record.name, bodyRange: range))
        #expect(piece.bytes == expected)
        #expect(piece.bodyBytes == 200_000)
        #expect(piece.metadata == record.metadata)
        await tier.shutdown()
    }

    @Test("a lease reads the body through its descriptor after the record was evicted and the tier shut down")
    func lease() async throws {
        let record = DiskRecord.sample(0, bytes: 20_000)
        let tier = try await DiskTier.open(.small(folder))
        tier.store(record)
        await tier.flush()
        let lease = try #require(try await tier.lease(record.key, name: record.name))
        tier.remove(record.key)
        for number in 1..<200 { tier.store(.sample(number, bytes: 20_000)) }
        await tier.flush()
        #expect(tier.statistics.segmentsEvicted > 0)
        #expect(tier.statistics.usedBytes <= 1 << 20)
        await tier.shutdown()
        #expect(lease.metadata == record.metadata)
        #expect(bytes(of: lease) == Array(record.body.readableBytesView))
    }

    private func bytes(of lease: SegmentLease) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: lease.bodyBytes)
        // SAFETY: the array has room for `bodyBytes` bytes.
        let got = unsafe pread(lease.descriptor, &bytes, lease.bodyBytes, off_t(lease.bodyOffset))
        return got == lease.bodyBytes ? bytes : []
    }

    @Test("what is too large is refused and counted")
    func tooLarge() async throws {
        let tier = try await DiskTier.open(.small(folder))
        var record = DiskRecord.sample(1, bytes: 300_000)
        #expect(!tier.store(record))
        record = .sample(1)
        record.name = String(repeating: "n", count: 65_536)
        #expect(!tier.store(record))
        record = .sample(1)
        record.metadata = ByteBuffer(repeating: 1, count: 1 << 20 + 1)
        #expect(!tier.store(record))
        #expect(tier.statistics.storesRefusedTooLarge == 3)
        await tier.shutdown()
    }

    @Test("a record larger than a segment gets one of its own")
    func large() async throws {
        let record = DiskRecord.sample(1, bytes: 200_000)
        let tier = try await DiskTier.open(.small(folder))
        for number in 2..<100 { tier.store(.sample(number, bytes: 900)) }
        tier.store(record)
        for number in 100..<200 { tier.store(.sample(number, bytes: 900)) }
        #expect(await tier.flush())
        #expect(try await tier.read(record) == record)
        #expect(try await tier.read(.sample(150, bytes: 900)) == .sample(150, bytes: 900))
        await tier.shutdown()
    }

    @Test("after shutdown nothing is found or stored, and the folder is free")
    func shutdown() async throws {
        let tier = try await DiskTier.open(.small(folder))
        tier.store(.sample(1))
        await tier.shutdown()
        await tier.shutdown()
        #expect(!tier.store(.sample(2)))
        #expect(tier.find(DiskRecord.sample(1).key) == nil)
        #expect(try await tier.read(.sample(1)) == nil)
        #expect(await !tier.flush())
        let again = try await DiskTier.open(.small(folder))
        await again.shutdown()
    }

    @Test("a folder is one tier's at a time")
    func held() async throws {
        let tier = try await DiskTier.open(.small(folder))
        await #expect(throws: DiskTierError.held(folder: folder.path(of: "cache"))) {
            try await DiskTier.open(.small(folder))
        }
        await tier.shutdown()
    }

    @Test("settings that cannot be are refused")
    func settings() async throws {
        var settings = DiskTierSettings.small(folder)
        settings.budgetBytes = 1000
        await #expect(throws: DiskTierError.self) { try await DiskTier.open(settings) }
        settings = .small(folder)
        settings.readThreads = 0
        await #expect(throws: DiskTierError.self) { try await DiskTier.open(settings) }
    }
}
