import Caching
import FoundationEssentials
import Glibc
import NIOCore
import Testing
import VitrineTesting

@Suite("Disk tier on a failing disk")
struct DiskFaultTests {
    private let folder: TemporaryFolder
    private let files: FaultyFiles
    private let clock = ManualClock()

    init() throws {
        folder = try TemporaryFolder()
        files = FaultyFiles(folder.path(of: "cache"))
    }

    private func open(_ change: (inout DiskTierSettings) -> Void = { _ in }) async throws -> DiskTier {
        var settings = DiskTierSettings.small(folder)
        change(&settings)
        return try await DiskTier.open(settings, clock: clock, files: files)
    }

    /// What the folder holds, for a tier without faults.
    private func reopened() async throws -> DiskTier {
        try await DiskTier.open(.small(folder))
    }

    @Test("a disk that becomes full at any byte loses the rest and keeps the whole", arguments: 0..<56)
    func fullAtByte(step: Int) async throws {
        let tier = try await open()
        let records = (0..<6).map { DiskRecord.sample($0, bytes: 500) }
        files.set { $0.room = 7 + step * 67 }
        for record in records { tier.store(record) }
        #expect(await !tier.flush())
        #expect(tier.statistics.isDegraded)
        #expect(tier.statistics.lastFailure == DiskFailure(call: "pwritev", code: ENOSPC))
        for record in records {
            let found = try await tier.read(record)
            #expect(found == nil || found == record)
        }
        let refused = tier.statistics.storesRefusedDegraded
        #expect(!tier.store(.sample(7)))
        #expect(tier.statistics.storesRefusedDegraded == refused + 1)

        files.set { $0.room = nil }
        clock.advance(by: .seconds(1))
        #expect(tier.store(.sample(8)))
        #expect(await tier.flush())
        #expect(!tier.statistics.isDegraded)
        let before = tier.statistics.entries
        await tier.shutdown()
        let again = try await reopened()
        #expect(again.statistics.entries == before)
        #expect(try await again.read(.sample(8)) == .sample(8))
        await again.shutdown()
    }

    @Test("writes that are cut short are gone on with")
    func shortWrites() async throws {
        files.set { $0.writeMax = 777 }
        let tier = try await open()
        for number in 0..<50 { tier.store(.sample(number, bytes: 3000)) }
        #expect(await tier.flush())
        for number in 0..<50 { #expect(try await tier.read(.sample(number)) == .sample(number, bytes: 3000)) }
        await tier.shutdown()
    }

    @Test("the delay before the next try doubles up to its limit, and reads go on meanwhile")
    func backOff() async throws {
        let tier = try await open { $0.retryDelayMax = .seconds(3) }
        tier.store(.sample(1))
        await tier.flush()
        files.set { $0.write = EIO }
        for delay in [1, 2, 3, 3] {
            #expect(tier.store(.sample(2)))
            #expect(await !tier.flush())
            clock.advance(by: .seconds(delay) - .milliseconds(1))
            #expect(!tier.store(.sample(2)))
            #expect(try await tier.read(.sample(1)) == .sample(1))
            clock.advance(by: .milliseconds(1))
        }
        files.set { $0.write = nil }
        #expect(tier.store(.sample(2)))
        #expect(await tier.flush())
        #expect(tier.statistics.storesFailed == 4)
        await tier.shutdown()
    }

    @Test("a flush that cannot force the bytes to the disk says so")
    func synchronizeFails() async throws {
        files.set { $0.synchronize = EIO }
        let tier = try await open()
        tier.store(.sample(1))
        #expect(await !tier.flush())
        files.set { $0.synchronize = nil }
        clock.advance(by: .seconds(1))
        #expect(await tier.flush())
        #expect(try await tier.read(.sample(1)) == .sample(1))
        await tier.shutdown()
    }

    @Test("a record that cannot be read fails once and is then forgotten")
    func readFails() async throws {
        let tier = try await open()
        tier.store(.sample(1))
        await tier.flush()
        files.set { $0.read = EIO }
        await #expect(throws: DiskTierError.failed(DiskFailure(call: "pread", code: EIO))) {
            try await tier.read(.sample(1))
        }
        #expect(try await tier.read(.sample(1)) == nil)
        #expect(tier.statistics.readsFailed == 1)
        await tier.shutdown()
    }

    @Test("a folder that cannot be written at opening is read, and written when it can be")
    func readOnly() async throws {
        var tier = try await open()
        tier.store(.sample(1))
        await tier.shutdown()
        files.set { $0.claim = EROFS }
        tier = try await open()
        #expect(tier.statistics.isDegraded)
        #expect(!tier.store(.sample(2)))
        #expect(try await tier.read(.sample(1)) == .sample(1))
        files.set { $0.claim = nil }
        clock.advance(by: .seconds(1))
        #expect(tier.store(.sample(2)))
        #expect(await tier.flush())
        await tier.shutdown()
        tier = try await reopened()
        #expect(tier.statistics.entries == 2)
        await tier.shutdown()
    }

    @Test("records of a folder that cannot be listed at opening are found when it can be")
    func unlisted() async throws {
        var tier = try await open()
        tier.store(.sample(1))
        await tier.shutdown()
        files.set { $0.names = EIO }
        tier = try await open()
        #expect(try await tier.read(.sample(1)) == nil)
        files.set { $0.names = nil }
        clock.advance(by: .seconds(2))
        #expect(tier.store(.sample(2)))
        #expect(await tier.flush())
        #expect(try await tier.read(.sample(1)) == .sample(1))
        await tier.shutdown()
    }

    @Test("a folder that is removed under the tier is made again, and what is open stays readable")
    func removedFolder() async throws {
        let tier = try await open()
        tier.store(.sample(1))
        await tier.flush()
        try FileManager.default.removeItem(atPath: folder.path(of: "cache"))
        #expect(try await tier.read(.sample(1)) == .sample(1))
        // The segment that is open is written to the end; the next one has no folder.
        for number in 2..<100 { tier.store(.sample(number)) }
        #expect(await !tier.flush())
        clock.advance(by: .seconds(1))
        #expect(tier.store(.sample(100)))
        #expect(await tier.flush())
        await tier.shutdown()
        let again = try await reopened()
        #expect(try await again.read(.sample(100)) == .sample(100))
        await again.shutdown()
    }

    @Test("a removal during a failure is kept until it can be written")
    func removalDuringFailure() async throws {
        let tier = try await open()
        tier.store(.sample(1))
        tier.store(.sample(2))
        await tier.flush()
        files.set { $0.write = EIO }
        #expect(tier.remove(DiskRecord.sample(1).key))
        #expect(await !tier.flush())
        #expect(try await tier.read(.sample(1)) == nil)
        files.set { $0.write = nil }
        clock.advance(by: .seconds(1))
        #expect(await tier.flush())
        await tier.shutdown()
        let again = try await reopened()
        #expect(try await again.read(.sample(1)) == nil)
        #expect(try await again.read(.sample(2)) == .sample(2))
        await again.shutdown()
    }

    @Test("a record whose replacement was lost is not found again", arguments: [nil, EIO])
    func lostReplacement(truncate: Int32?) async throws {
        let tier = try await open()
        tier.store(.sample(1, version: 1))
        await tier.flush()
        files.set {
            $0.room = 300
            $0.truncate = truncate
        }
        tier.store(.sample(1, version: 2))
        #expect(await !tier.flush())
        #expect(try await tier.read(.sample(1)) == nil)
        files.set {
            $0.room = nil
            $0.truncate = nil
        }
        clock.advance(by: .seconds(1))
        #expect(await tier.flush())
        await tier.shutdown()
        let again = try await reopened()
        #expect(try await again.read(.sample(1)) == nil)
        await again.shutdown()
    }

    @Test("the tier evicts to leave the file system its reserve, and stops writing when that does not help")
    func reserve() async throws {
        let tier = try await open { $0.freeBytesMin = 1 << 20 }
        for number in 0..<200 { tier.store(.sample(number)) }
        #expect(await tier.flush())
        let segments = tier.statistics.segments
        #expect(segments > 2)
        files.set { $0.freeBytes = 1 << 20 }
        for number in 200..<300 { tier.store(.sample(number)) }
        #expect(await tier.flush())
        #expect(tier.statistics.segments <= segments)
        #expect(tier.statistics.segmentsEvicted > 0)

        files.set { $0.freeBytes = 0 }
        for number in 300..<400 { tier.store(.sample(number)) }
        #expect(await !tier.flush())
        #expect(tier.statistics.lastFailure?.code == ENOSPC)
        await tier.shutdown()
    }

    @Test("segments that cannot be removed stop the writing, not the budget")
    func removeFails() async throws {
        let tier = try await open()
        files.set { $0.remove = EROFS }
        for number in 0..<2000 { tier.store(.sample(number)) }
        #expect(await !tier.flush())
        #expect(tier.statistics.usedBytes <= 1 << 20)
        files.set { $0.remove = nil }
        clock.advance(by: .seconds(1))
        tier.store(.sample(5000))
        #expect(await tier.flush())
        #expect(tier.statistics.segmentsEvicted > 0)
        await tier.shutdown()
    }

    @Test("a full queue refuses records, not removals")
    func queueFull() async throws {
        let (gate, opened) = AsyncStream<Void>.makeStream()
        let blocked = Gate()
        let tier = try await open { $0.queueRecordsMax = 3 }
        files.set {
            $0.beforeWrite = {
                opened.yield()
                blocked.wait()
            }
        }
        #expect(tier.store(.sample(0)))
        for await _ in gate { break }
        #expect(tier.store(.sample(1)))
        #expect(tier.store(.sample(2)))
        #expect(!tier.store(.sample(3)))
        #expect(tier.remove(DiskRecord.sample(1).key))
        #expect(tier.statistics.storesRefusedQueueFull == 1)
        // What is being written is found in memory.
        #expect(try await tier.read(.sample(0)) == .sample(0))
        files.set { $0.beforeWrite = nil }
        blocked.open()
        #expect(await tier.flush())
        #expect(try await tier.read(.sample(1)) == nil)
        #expect(try await tier.read(.sample(2)) == .sample(2))
        await tier.shutdown()
    }

    @Test("more reads than may wait are refused")
    func overloaded() async throws {
        let (gate, opened) = AsyncStream<Void>.makeStream()
        let blocked = Gate()
        let tier = try await open { $0.readsWaitingMax = 1 }
        tier.store(.sample(0))
        await tier.flush()
        files.set {
            $0.beforeRead = {
                opened.yield()
                blocked.wait()
            }
        }
        async let first = tier.read(.sample(0))
        for await _ in gate { break }
        // One reads. Of two more, one waits and one is refused; which, nobody knows.
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do {
                        return try await tier.read(.sample(0)) == .sample(0)
                    } catch {
                        #expect(error as? DiskTierError == .overloaded)
                        blocked.open()
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(results == 1)
        #expect(try await first == .sample(0))
        #expect(tier.statistics.readsOverloaded == 1)
        await tier.shutdown()
    }
}
