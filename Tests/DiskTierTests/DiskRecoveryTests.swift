import Caching
import NIOCore
import Testing
import VitrineTesting

@Suite("Opening a disk tier again")
struct DiskRecoveryTests {
    private let folder: TemporaryFolder
    private let cache: CacheFolder

    init() throws {
        folder = try TemporaryFolder()
        cache = CacheFolder(folder)
    }

    private func open(_ name: String = "cache", budget: Int = 1 << 20) async throws -> DiskTier {
        var settings = DiskTierSettings.small(folder, budget: budget)
        settings.folder = folder.path(of: name)
        return try await DiskTier.open(settings)
    }

    /// A closed folder with records 0 to `count`, a thousand bytes each.
    private func fill(_ count: Int = 20) async throws {
        let tier = try await open()
        for number in 0..<count { tier.store(.sample(number)) }
        await tier.shutdown()
    }

    /// The numbers of the records that are found; each must be as it was stored.
    private func found(in tier: DiskTier, of count: Int = 20) async throws -> [Int] {
        var numbers: [Int] = []
        for number in 0..<count {
            if let record = try await tier.read(.sample(number)) {
                #expect(record == .sample(number))
                numbers.append(number)
            }
        }
        return numbers
    }

    @Test("after a crash everything that was written is found, from a segment without a list")
    func unfinished() async throws {
        let tier = try await open()
        for number in 0..<20 { tier.store(.sample(number)) }
        tier.remove(DiskRecord.sample(3).key)
        await tier.flush()
        try cache.copy(to: CacheFolder(folder, "copy"))
        await tier.shutdown()
        for _ in 0..<2 {
            let again = try await open("copy")
            #expect(try await found(in: again) == Array(0..<20).filter { $0 != 3 })
            #expect(again.statistics.segmentsTorn == 0)
            #expect(again.statistics.segmentsDamaged == 0)
            await again.shutdown()
        }
    }

    @Test("a segment that ends at any byte gives the records before it", arguments: 0..<40)
    func torn(step: Int) async throws {
        let tier = try await open()
        for number in 0..<4 { tier.store(.sample(number)) }
        await tier.flush()
        let bytes = try cache.bytes(try #require(try cache.segments.last))
        let cut = bytes.count * step / 40
        try cache.copy(to: CacheFolder(folder, "copy")) { _ in cut }
        await tier.shutdown()

        let again = try await open("copy")
        let recordBytes = (bytes.count - 64) / 4
        #expect(try await found(in: again) == Array(0..<max(0, (cut - 64) / recordBytes)))
        again.store(.sample(9))
        #expect(await again.flush())
        #expect(again.statistics.usedBytes <= 1 << 20)
        await again.shutdown()
    }

    @Test("a finished segment with a damaged list is read from head to head")
    func damagedList() async throws {
        try await fill()
        let name = try #require(try cache.segments.first)
        var bytes = try cache.bytes(name)
        bytes[bytes.count - 100] ^= 1
        try cache.write(bytes, to: name)
        let tier = try await open()
        #expect(try await found(in: tier) == Array(0..<20))
        await tier.shutdown()
        let again = try await open()
        #expect(try await found(in: again) == Array(0..<20))
        #expect(again.statistics.segmentsTorn == 0)
        await again.shutdown()
    }

    @Test("a damaged body is not served, its neighbours are")
    func damagedBody() async throws {
        try await fill()
        let name = try #require(try cache.segments.first)
        var bytes = try cache.bytes(name)
        let recordBytes = 64 + 8 + DiskRecord.sample(0).name.utf8.count + 14 + 1000
        bytes[64 + (recordBytes + 7) / 8 * 8 + 500] ^= 0x10
        try cache.write(bytes, to: name)
        let tier = try await open()
        #expect(tier.statistics.recordsRecovered == 20)
        #expect(try await found(in: tier) == Array(0..<20).filter { $0 != 1 })
        #expect(tier.statistics.readsDamaged == 1)
        #expect(tier.find(DiskRecord.sample(1).key) == nil)
        await tier.shutdown()
    }

    @Test("segments of another version are removed and counted")
    func otherVersion() async throws {
        try await fill()
        let name = try #require(try cache.segments.first)
        var bytes = try cache.bytes(name)
        bytes[8] = 2
        try cache.write(bytes, to: name)
        let tier = try await open()
        #expect(tier.statistics.segmentsOfOtherVersion == 1)
        #expect(tier.statistics.entries == 0)
        #expect(try cache.segments == [])
        await tier.shutdown()
    }

    @Test("files that are no segments do no harm", arguments: [0, 3, 64, 5000])
    func noSegment(size: Int) async throws {
        try cache.write([UInt8](repeating: 0x41, count: size), to: "00000007.segment")
        try cache.write([1], to: "notes.txt")
        try cache.write([1], to: "1.segment")
        let tier = try await open()
        #expect(tier.statistics.segmentsDamaged == 1)
        #expect(tier.store(.sample(1)))
        #expect(await tier.flush())
        #expect(try cache.segments.sorted() == ["00000008.segment", "1.segment"])
        await tier.shutdown()
    }

    @Test("a segment under another's name is not believed")
    func renamed() async throws {
        try await fill()
        let name = try #require(try cache.segments.first)
        try cache.write(try cache.bytes(name), to: "000000aa.segment")
        let tier = try await open()
        #expect(tier.statistics.segmentsDamaged == 1)
        #expect(try await found(in: tier) == Array(0..<20))
        await tier.shutdown()
    }

    @Test("a smaller budget evicts the oldest at opening")
    func smallerBudget() async throws {
        try await fill(500)
        let tier = try await open(budget: 256 << 10)
        #expect(tier.statistics.usedBytes <= 256 << 10)
        let numbers = try await found(in: tier, of: 500)
        #expect(numbers.count > 100 && numbers == Array((500 - numbers.count)..<500))
        await tier.shutdown()
    }
}
