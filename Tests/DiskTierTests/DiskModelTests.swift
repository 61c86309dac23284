import Caching
import Glibc
import NIOCore
import Testing
import VitrineTesting

/// Random steps against a dictionary: whatever is read is what was stored under that name, and never an older one.
@Suite("Disk tier against a dictionary", .serialized)
struct DiskModelTests {
    private static let keyCount = 60

    private struct Model {
        /// What a read must find, if anything; absent: nothing.
        var current: [Int: UInt64] = [:]
        /// What a crash may bring to light, beside nothing.
        var possible: [Int: Set<UInt64>] = [:]
        /// Keys whose current version was there at the last flush.
        var durable: Set<Int> = []
        /// Every version that was ever stored.
        var ever: [Int: Set<UInt64>] = [:]
        var lastVersion: UInt64 = 0
    }

    /// A tier and what the test did to its disk.
    private struct Bench {
        let folder: TemporaryFolder
        let clock = ManualClock()
        let budget: Int
        var number = 0
        var files: FaultyFiles
        var tier: DiskTier

        init(budget: Int) async throws {
            folder = try TemporaryFolder()
            self.budget = budget
            files = FaultyFiles(folder.path(of: "0"))
            tier = try await Self.open(folder, 0, budget, clock, files)
        }

        static func open(
            _ folder: TemporaryFolder,
            _ number: Int,
            _ budget: Int,
            _ clock: ManualClock,
            _ files: FaultyFiles
        ) async throws -> DiskTier {
            var settings = DiskTierSettings.small(folder, budget: budget, segment: 16 << 10)
            settings.folder = folder.path(of: String(number))
            return try await DiskTier.open(settings, clock: clock, files: files)
        }

        mutating func reopen() async throws {
            await tier.shutdown()
            tier = try await Self.open(folder, number, budget, clock, files)
        }

        /// Goes on with what a crash now would have left.
        mutating func crash(cut: (Int) -> Int) async throws {
            try CacheFolder(folder, String(number)).copy(to: CacheFolder(folder, String(number + 1)), cut: cut)
            await tier.shutdown()
            number += 1
            files = FaultyFiles(folder.path(of: String(number)))
            tier = try await Self.open(folder, number, budget, clock, files)
        }
    }

    @Test("with room for everything", arguments: 1...3 as ClosedRange<UInt64>)
    func roomy(seed: UInt64) async throws {
        try await run(seed: seed, budget: 8 << 20)
    }

    @Test("with little room", arguments: 4...6 as ClosedRange<UInt64>)
    func tight(seed: UInt64) async throws {
        try await run(seed: seed, budget: 128 << 10)
    }

    private func run(seed: UInt64, budget: Int) async throws {
        var random = SeededGenerator(seed: seed)
        var bench = try await Bench(budget: budget)
        var model = Model()
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<Self.keyCount, using: &random)
            switch Int.random(in: 0..<1000, using: &random) {
            case 0..<400: store(key, &model, bench, &random)
            case 400..<800: try await read(key, &model, bench, &random)
            case 800..<930:
                bench.tier.remove(DiskRecord.sample(key, bytes: 0).key)
                model.current[key] = nil
                model.durable.remove(key)
            case 930..<960: try await flush(&model, bench)
            case 960..<975: bench.files.set { $0.room = 5000 }
            case 975..<985: bench.files.set { $0.writeMax = 700 }
            case 985..<990:
                try await heal(&model, bench)
                try await bench.reopen()
                try await resynchronize(&model, bench) { model, key in model.current[key].map { [$0] } ?? [] }
            case 990..<995:
                try await bench.crash { $0 }
                try await resynchronize(&model, bench) { model, key in model.possible[key] ?? [] }
            default:
                // A torn end may take what was flushed, and bring to light what that had replaced.
                try await bench.crash { Int.random(in: 0...$0, using: &random) }
                try await resynchronize(&model, bench, isTorn: true) { model, key in model.ever[key] ?? [] }
            }
            #expect(bench.tier.statistics.usedBytes <= budget, "seed \(seed)")
        }
        await bench.tier.shutdown()
    }

    private static func size(_ version: UInt64) -> Int { [0, 100, 900, 1700, 5000][Int(version % 5)] }

    private func sample(_ key: Int, _ version: UInt64) -> DiskRecord {
        .sample(key, version: version, bytes: Self.size(version))
    }

    private func store(_ key: Int, _ model: inout Model, _ bench: Bench, _ random: inout SeededGenerator) {
        model.lastVersion += UInt64.random(in: 1...3, using: &random)
        let version = model.lastVersion
        if bench.tier.store(sample(key, version)) {
            model.current[key] = version
            model.durable.remove(key)
            model.possible[key, default: []].insert(version)
            model.ever[key, default: []].insert(version)
        }
    }

    private func read(
        _ key: Int,
        _ model: inout Model,
        _ bench: Bench,
        _ random: inout SeededGenerator
    ) async throws {
        let expected = model.current[key].map { sample(key, $0) }
        let name = DiskRecord.sample(key, bytes: 0).name
        if Bool.random(using: &random) {
            let found = try await bench.tier.read(DiskRecord.sample(key, bytes: 0).key, name: name)
            if let found { #expect(found == expected) }
            return
        }
        let start = Int.random(in: 0..<9000, using: &random)
        let range = start..<(start + Int.random(in: 0..<3000, using: &random))
        if let piece = try await bench.tier.read(DiskRecord.sample(key, bytes: 0).key, name: name, bodyRange: range) {
            let body = try #require(expected).body
            let inside = range.clamped(to: 0..<body.readableBytes)
            #expect(piece.bytes == body.getSlice(at: inside.lowerBound, length: inside.count))
        }
    }

    private func flush(_ model: inout Model, _ bench: Bench) async throws {
        guard await bench.tier.flush() else { return try await heal(&model, bench) }
        check(&model, bench)
    }

    /// Ends all faults, and takes note of what they cost.
    private func heal(_ model: inout Model, _ bench: Bench) async throws {
        bench.files.set {
            $0.room = nil
            $0.writeMax = nil
        }
        // A write that was under way may fail after the faults have ended, and the first flush tells what was lost.
        var tries = 0
        repeat {
            bench.clock.advance(by: .seconds(60))
            tries += 1
        } while await !bench.tier.flush() && tries < 10
        #expect(tries < 10)
        for key in 0..<Self.keyCount {
            let found = try await bench.tier.read(.sample(key, bytes: 0))
            if let found { #expect(found == model.current[key].map { sample(key, $0) }) }
            if found == nil { model.current[key] = nil }
        }
        check(&model, bench)
    }

    /// After a flush, nothing but the current state can come to light; with room for everything it is all there.
    private func check(_ model: inout Model, _ bench: Bench) {
        model.possible = model.current.mapValues { [$0] }
        model.durable = Set(model.current.keys)
        guard bench.budget > 1 << 20 else { return }
        for key in model.current.keys { #expect(bench.tier.find(DiskRecord.sample(key, bytes: 0).key) != nil) }
    }

    /// After opening again: what is found is one of those that may be, and from now on the current one.
    private func resynchronize(
        _ model: inout Model,
        _ bench: Bench,
        isTorn: Bool = false,
        _ allowed: (Model, Int) -> Set<UInt64>
    ) async throws {
        for key in 0..<Self.keyCount {
            let found = try await bench.tier.read(.sample(key, bytes: 0))
            let version = found.flatMap { found in
                String(buffer: found.metadata).split(separator: " ").compactMap { UInt64($0) }.first
            }
            if let version {
                #expect(found == sample(key, version))
                #expect(allowed(model, key).contains(version), "key \(key)")
            }
            if model.durable.contains(key), bench.budget > 1 << 20, version != model.current[key] {
                // Only a torn end takes what was flushed.
                #expect(isTorn, "key \(key)")
            }
            model.current[key] = version
            model.possible[key] = allowed(model, key)
        }
        model.durable = isTorn ? [] : model.durable.filter { model.current[$0] != nil }
    }
}
