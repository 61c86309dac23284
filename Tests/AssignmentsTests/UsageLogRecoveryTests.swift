import Foundation
import Glibc
import Testing
import VitrineTesting

@testable import Assignments

@Suite("A usage log after a crash")
struct UsageLogRecoveryTests {
    private static let name = "usage-0000000001.log"

    /// The bytes of a log of some events, and where each line ends.
    private func written(_ count: Int) throws -> (bytes: [UInt8], ends: [Int]) {
        var bytes = UsageLine.header
        var ends = [bytes.count]
        for number in 0..<count {
            UsageLine.write(try .sample(number, padding: number * 7), into: &bytes)
            ends.append(bytes.count)
        }
        return (bytes, ends)
    }

    @Test("has every event whose line was whole, wherever it was cut, and goes on behind them")
    func cut() async throws {
        let (bytes, ends) = try written(3)
        // A step that is no divisor of the lines' lengths, and every end with its neighbours.
        let cuts = Set(stride(from: 0, through: bytes.count, by: 7)).union(
            ends.flatMap { [$0 - 1, $0, min($0 + 1, bytes.count)] }
        )
        for cut in cuts.sorted() {
            let folder = try LogFolder()
            try folder.write(Array(bytes.prefix(cut)), to: Self.name)
            let log = try await LocalUsageLog.open(folder.settings)
            let whole = max(0, ends.filter { $0 <= cut }.count - 1)
            #expect(log.statistics.bytesCut == cut - (ends.last { $0 <= cut } ?? 0), "cut at \(cut)")
            try await log.record([try .sample(99)])
            let read = try await log.all()
            #expect(read.events.map(\.id) == (0..<whole).map { "event-\($0)" } + ["event-99"], "cut at \(cut)")
            #expect(read.damagedLines == 0, "cut at \(cut)")
            await log.close()
        }
    }

    @Test("leaves out a damaged line in the middle and counts it")
    func damaged() async throws {
        let (bytes, ends) = try written(3)
        for place in Set(stride(from: ends[1], to: ends[2], by: 5)).union([ends[2] - 1]) {
            let folder = try LogFolder()
            var damaged = bytes
            damaged[place] ^= 0x01
            try folder.write(damaged, to: Self.name)
            let log = try await LocalUsageLog.open(folder.settings)
            let read = try await log.all()
            let ids = read.events.map(\.id)
            // Without its line feed a damaged line takes the next one with it.
            let isJoined = place == ends[2] - 1
            #expect(ids == (isJoined ? ["event-0"] : ["event-0", "event-2"]), "at \(place)")
            #expect(isJoined || read.damagedLines >= 1, "at \(place)")
            await log.close()
        }
    }

    @Test("that was changed gives only events that were written", arguments: 1...3 as ClosedRange<UInt64>)
    func fuzz(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (bytes, _) = try written(5)
        let known = Set(try (0..<6).map { try UsageEvent.sample($0, padding: $0 * 7).json })
        for _ in 0..<150 {
            let folder = try LogFolder()
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0...mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated.insert(contentsOf: random.bytes(3), at: place)
                case 1: mutated.removeSubrange(place..<min(mutated.count, place + 40))
                case 2: mutated.insert(contentsOf: mutated[..<place].suffix(200), at: place)
                default: mutated += [UInt8](repeating: 0, count: 100)
                }
            }
            try folder.write(mutated, to: Self.name)
            let log = try await LocalUsageLog.open(folder.settings)
            try await log.record([try .sample(5, padding: 35)])
            let events = try await log.all().events
            #expect(events.allSatisfy { known.contains($0.json) }, "seed \(seed)")
            #expect(events.last?.id == "event-5", "seed \(seed)")
            await log.close()
        }
    }

    @Test("of kill -9 has all that was acknowledged, each writer's in order", arguments: [1, 4, 16])
    func killed(writers: Int) async throws {
        let folder = try LogFolder()
        let child = try ChildProcess("UsageLogCrasher", [folder.path, String(writers)])
        // It goes on while the last of these lines is read, so the signal meets it anywhere.
        let lines = child.lines(150)
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
        var acknowledged: [Int: Int] = [:]
        for line in lines + child.lines(.max) {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            try #require(numbers.count == 2)
            acknowledged[numbers[1]] = numbers[0]
        }
        let log = try await LocalUsageLog.open(folder.settings)
        var next: [Int: Int] = [:]
        let read = try await log.all(bytesMax: 1 << 20)
        for event in read.events {
            let numbers = event.id.split(separator: ".").compactMap { Int($0) }
            #expect(numbers[1] == next[numbers[0], default: 0], "writer \(numbers[0])")
            next[numbers[0]] = numbers[1] + 1
        }
        for (writer, last) in acknowledged { #expect(next[writer, default: 0] > last, "writer \(writer)") }
        #expect(read.damagedLines == 0)
        #expect(acknowledged.values.reduce(0, +) > 100)
        await log.close()
    }
}
