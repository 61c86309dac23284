import Caching
import Glibc
import Testing
import VitrineTesting

@testable import Assignments

@Suite("Forwarding the usage log", .timeLimit(.minutes(2)))
struct UsageForwarderTests {
    private static func forwarder(
        _ log: LocalUsageLog,
        _ destination: some UsageDestination,
        pageBytes: Int = 1 << 20
    ) -> UsageForwarder {
        var settings = UsageForwarderSettings()
        settings.pageBytes = pageBytes
        settings.batchMax = 4
        return UsageForwarder(log: log, destination: destination, settings: settings, clock: HastyClock())
    }

    private static func events(_ numbers: Range<Int>) throws -> [UsageEvent] {
        try numbers.map { try .sample($0, padding: 200) }
    }

    @Test("what is recorded reaches the destination in order, and goes from the disk")
    func forwards() async throws {
        let folder = try LogFolder()
        var settings = folder.settings
        settings.segmentBytes = 3_000
        let log = try await LocalUsageLog.open(settings)
        let destination = ScriptedDestination()
        let forwarder = Self.forwarder(log, destination, pageBytes: 1_500)
        async let ended: Void = forwarder.run()
        for start in stride(from: 0, to: 60, by: 6) { try await log.record(try Self.events(start..<start + 6)) }
        await until { destination.events.count == 60 }
        try await log.record(try Self.events(60..<61))
        forwarder.close()
        await ended
        #expect(destination.events == (try Self.events(0..<61)))
        #expect(forwarder.statistics.forwarded == 61 && forwarder.statistics.oldestMilliseconds == nil)
        #expect(try folder.segments.count == 1)
        await log.close()
    }

    @Test("after a restart it goes on where it was")
    func resumes() async throws {
        let folder = try LogFolder()
        let first = ScriptedDestination()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try Self.events(0..<5))
        let forwarder = Self.forwarder(log, first)
        #expect(await forwarder.forwardPage() == .more)
        await log.close()
        let again = try await LocalUsageLog.open(folder.settings)
        try await again.record(try Self.events(5..<8))
        let second = ScriptedDestination()
        let next = Self.forwarder(again, second)
        #expect(await next.forwardPage() == .more)
        #expect(await next.forwardPage() == .nothing)
        #expect(second.events == (try Self.events(5..<8)))
        await again.close()
    }

    @Test("a crash between any two steps sends again, and loses nothing", arguments: 0..<24)
    func crashes(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try LogFolder()
        let destination = ScriptedDestination(
            answers: (0..<30).map { _ in
                Bool.random(using: &random) ? .taken(refused: 0) : .away(retryAfter: nil, reason: "away")
            },
            keepsAnyway: true
        )
        var settings = folder.settings
        settings.segmentBytes = 2_000
        var recorded = 0
        for _ in 0..<12 {
            let files = FaultyFiles(folder.path)
            let log = try await LocalUsageLog.open(settings, files: files)
            let count = Int.random(in: 0..<9, using: &random)
            try await log.record(try Self.events(recorded..<recorded + count))
            recorded += count
            let forwarder = Self.forwarder(log, destination, pageBytes: 1_000)
            // The mark and new segments cannot be written from here on, as when the process ends there.
            if Bool.random(using: &random) { files.set { $0.write = EIO } }
            for _ in 0..<Int.random(in: 0..<4, using: &random) { _ = await forwarder.forwardPage() }
            await log.close()
            if Int.random(in: 0..<4, using: &random) == 0 {
                // A mark that is torn, of nowhere, or of another log.
                try folder.write((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }, to: "forwarded")
            }
        }
        let log = try await LocalUsageLog.open(settings)
        let forwarder = Self.forwarder(log, destination)
        // The answers that are left may still say "away".
        while await forwarder.forwardPage() != .nothing {}
        await log.close()
        let ids = destination.events.map(\.id)
        #expect(Set(ids) == Set(try Self.events(0..<recorded).map(\.id)), "seed \(seed)")
    }

    @Test("a destination that is away is asked again, not before it said, and is sent the same")
    func away() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try Self.events(0..<6))
        let away = UsageReceipt.away(retryAfter: .seconds(7), reason: "429")
        let destination = ScriptedDestination(answers: [.taken(refused: 1), away, away])
        let forwarder = Self.forwarder(log, destination)
        #expect(await forwarder.forwardPage() == .failed(retryAfter: .seconds(7)))
        #expect(forwarder.statistics.lastFailure == "429")
        #expect(forwarder.statistics.oldestMilliseconds == (try Self.events(4..<5))[0].timeMilliseconds)
        #expect(await forwarder.forwardPage() == .failed(retryAfter: .seconds(7)))
        #expect(await forwarder.forwardPage() == .more)
        // What was taken is not sent twice.
        #expect(destination.events == (try Self.events(0..<6)))
        #expect(forwarder.statistics.forwarded == 5 && forwarder.statistics.refused == 1)
        #expect(forwarder.statistics.failures == 2 && forwarder.statistics.lastFailure == nil)
        await log.close()
    }

    @Test("too much at once is sent in halves, and what is too large by itself is passed over")
    func halves() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try Self.events(0..<4))
        let small = ScriptedDestination(batchMax: 1)
        #expect(await Self.forwarder(log, small).forwardPage() == .more)
        #expect(small.sizes == [4, 2, 1, 1, 1, 1] && small.events.count == 4)
        try await log.record(try Self.events(4..<6))
        let none = ScriptedDestination(batchMax: 0)
        let forwarder = Self.forwarder(log, none)
        #expect(await forwarder.forwardPage() == .more)
        #expect(forwarder.statistics.refused == 2 && forwarder.statistics.forwarded == 0)
        await log.close()
    }

    @Test("damaged lines are counted, and the rest is forwarded")
    func damage() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try Self.events(0..<3))
        await log.close()
        var bytes = try folder.bytes("usage-0000000001.log")
        bytes[400] ^= 1
        try folder.write(bytes, to: "usage-0000000001.log")
        let again = try await LocalUsageLog.open(folder.settings)
        let destination = ScriptedDestination()
        let forwarder = Self.forwarder(again, destination)
        #expect(await forwarder.forwardPage() == .more)
        #expect(forwarder.statistics.damagedLines == 1 && destination.events.count == 2)
        await again.close()
    }

    @Test("a closed destination ends it, with everything still in the log")
    func closed() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try Self.events(0..<3))
        let forwarder = Self.forwarder(log, ScriptedDestination(answers: .init(repeating: .closed, count: 10)))
        async let ended: Void = forwarder.run()
        await Task.yield()
        forwarder.close()
        await ended
        #expect(try await log.all().events.count == 3)
        await log.close()
    }
}
