import Caching
import NIOCore
import Testing
import VitrineTesting

@Suite("Eviction from the disk tier")
struct DiskEvictionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("the oldest records go first, and the files stay within the budget")
    func order() async throws {
        let tier = try await DiskTier.open(.small(folder, budget: 256 << 10))
        let cache = CacheFolder(folder)
        for number in 0..<1000 {
            tier.store(.sample(number))
            if number % 25 == 0 {
                await tier.flush()
                #expect(tier.statistics.usedBytes <= 256 << 10)
                #expect(try cache.segments.reduce(0) { try $0 + cache.bytes($1).count } <= 256 << 10)
            }
        }
        await tier.flush()
        var kept: [Int] = []
        for number in 0..<1000 where try await tier.read(.sample(number)) == .sample(number) { kept.append(number) }
        #expect(kept.count > 120 && kept == Array((1000 - kept.count)..<1000))
        let statistics = tier.statistics
        #expect(statistics.recordsEvicted == 1000 - kept.count)
        #expect(statistics.entries == kept.count)
        await tier.shutdown()
    }

    @Test("records that are hit again and again stay, those that are not go")
    func reinsertion() async throws {
        let tier = try await DiskTier.open(.small(folder, budget: 256 << 10))
        for number in 0..<2000 {
            tier.store(.sample(number))
            if number > 10, number % 10 == 0 {
                await tier.flush()
                tier.noteHit(DiskRecord.sample(1).key)
                _ = try await tier.read(.sample(2))
            }
        }
        await tier.flush()
        #expect(try await tier.read(.sample(1)) == .sample(1))
        #expect(try await tier.read(.sample(2)) == .sample(2))
        #expect(try await tier.read(.sample(3)) == nil)
        #expect(tier.statistics.recordsReinserted > 2)
        await tier.shutdown()
        let again = try await DiskTier.open(.small(folder, budget: 256 << 10))
        #expect(try await again.read(.sample(1)) == .sample(1))
        await again.shutdown()
    }

    @Test("hits carry over no more than the share that is set", arguments: [0, 25])
    func share(percent: Int) async throws {
        var settings = DiskTierSettings.small(folder, budget: 256 << 10)
        settings.reinsertedPercentMax = percent
        let tier = try await DiskTier.open(settings)
        for number in 0..<1000 {
            tier.store(.sample(number))
            if number % 20 == 0 { await tier.flush() }
            tier.noteHit(DiskRecord.sample(number).key)
        }
        await tier.flush()
        for number in 0..<1000 { tier.noteHit(DiskRecord.sample(number).key) }
        let before = tier.statistics
        for number in 1000..<1400 { tier.store(.sample(number)) }
        await tier.flush()
        let after = tier.statistics
        let carried = (after.recordsReinserted - before.recordsReinserted) * 1100
        let evicted = after.segmentsEvicted - before.segmentsEvicted
        #expect(evicted > 3)
        #expect(carried <= evicted * (32 << 10) * percent / 100)
        #expect((carried > 0) == (percent > 0))
        await tier.shutdown()
    }

    @Test("bytes that a lease keeps count, and are given back with it")
    func leases() async throws {
        let tier = try await DiskTier.open(.small(folder, budget: 256 << 10))
        tier.store(.sample(0))
        await tier.flush()
        var lease = try await tier.lease(DiskRecord.sample(0).key, name: DiskRecord.sample(0).name)
        #expect(lease?.bodyBytes == 1000)
        for number in 1..<600 {
            tier.store(.sample(number))
            if number % 20 == 0 {
                await tier.flush()
                #expect(tier.statistics.usedBytes <= 256 << 10)
            }
        }
        await tier.flush()
        let held = tier.statistics.usedBytes
        lease = nil
        #expect(tier.statistics.usedBytes < held)
        await tier.shutdown()
    }
}
