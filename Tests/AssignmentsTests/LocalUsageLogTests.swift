import Caching
import DeliveryTypes
import Glibc
import JSON
import Synchronization
import Testing
import VitrineTesting

@testable import Assignments

@Suite("The local usage log")
struct LocalUsageLogTests {
    private func events(_ numbers: Range<Int>, padding: Int = 0) throws -> [UsageEvent] {
        try numbers.map { try .sample($0, padding: padding) }
    }

    @Test("gives back what was recorded, in order, also after it was opened again")
    func kept() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        try await log.record(try events(0..<3))
        try await log.record([])
        try await log.record(try events(3..<4))
        #expect(try await log.all().events == events(0..<4))
        await log.close()
        let again = try await LocalUsageLog.open(folder.settings)
        try await again.record(try events(4..<5))
        #expect(try await again.all().events == events(0..<5))
        #expect(again.statistics.bytesCut == 0)
        #expect(try folder.segments == ["usage-0000000001.log"])
        await again.close()
    }

    @Test("is written as the page says")
    func golden() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        let exposure = Exposure(experiment: "colour", variation: "1", attribute: "id", unit: "user-1")
        let context = ExposureContext(
            app: "shop",
            record: .init(bytes: .init(repeating: 0xab, count: 32)),
            timeMilliseconds: 1_763_712_345_678,
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        )
        let event = ExposureEvent(exposure: exposure, context: context, window: 20_413)
        try await log.record([
            try event.usageEvent(node: "edge-a", naming: .plain),
            try event.usageEvent(node: "edge-a", naming: .hashed(key: Array("0123456789abcdef".utf8))),
            try .sample(1),
        ])
        await log.close()
        try GoldenFile("usage-log.txt").expect(try folder.bytes("usage-0000000001.log"))
    }

    @Test("writes calls that come while it writes as one group")
    func groups() async throws {
        let folder = try LogFolder()
        let files = FaultyFiles(folder.path)
        let log = try await LocalUsageLog.open(folder.settings, files: files)
        files.set { $0.isShut = true }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.record([try .sample(0)]) }
            await until { files.faults.writes == 1 }
            for number in 1...40 { group.addTask { try await log.record([try .sample(number)]) } }
            await until { log.state.withLock { $0.waiting.events == 40 } }
            files.set { $0.isShut = false }
            try await group.waitForAll()
        }
        #expect(log.statistics.groups == 2)
        #expect(log.statistics.eventsKept == 41)
        #expect(try await Set(log.all().events.map(\.id)).count == 41)
        await log.close()
    }

    @Test("begins a new segment when one is long enough, and removes those that were counted")
    func rotates() async throws {
        let folder = try LogFolder()
        var settings = folder.settings
        settings.segmentBytes = 1_000
        let log = try await LocalUsageLog.open(settings)
        for number in 0..<20 { try await log.record(try events(number..<number + 1, padding: 100)) }
        #expect(log.statistics.segments > 3)
        #expect(try folder.segments.count == log.statistics.segments)
        let page = try await log.read(after: nil)
        try await log.remove(before: page.next)
        #expect(try await log.all().events.count == 20)
        let last = try await log.read(after: UsagePosition(segment: .max, offset: 0))
        #expect(last.events.isEmpty)
        try await log.remove(before: last.next)
        #expect(try folder.segments.count == 1)
        try await log.record(try events(20..<21))
        #expect(try await log.all().events.last == events(20..<21).last)
        await log.close()
    }

    @Test("refuses what does not fit, counts it, and takes it when there is room again")
    func full() async throws {
        let folder = try LogFolder()
        var settings = folder.settings
        settings.segmentBytes = 1
        settings.bytesMax = 2_000
        let log = try await LocalUsageLog.open(settings)
        var kept = 0
        while kept < 100 {
            do throws(AssignmentsError) {
                try await log.record([try .sample(kept)])
                kept += 1
            } catch {
                guard case .full = error else { throw error }
                break
            }
        }
        #expect((3..<20).contains(kept))
        #expect(log.statistics.bytes <= 2_000)
        #expect(log.statistics.eventsRefused == 1)
        try await log.remove(before: UsagePosition(segment: 3, offset: 0))
        try await log.record([try .sample(kept)])
        #expect(try await log.all().events.count == kept - 1)
        await log.close()
    }

    @Test("keeps room on the disk for others")
    func freeBytes() async throws {
        let folder = try LogFolder()
        let files = FaultyFiles(folder.path)
        var settings = folder.settings
        settings.freeBytesMin = 1_000
        let log = try await LocalUsageLog.open(settings, files: files)
        files.set { $0.freeBytes = 1_100 }
        await expectFull { try await log.record([try .sample(0)]) }
        files.set { $0.freeBytes = nil }
        try await log.record([try .sample(1)])
        #expect(try await log.all().events.map(\.id) == ["event-1"])
        await log.close()
    }

    @Test("loses nothing that it acknowledged when the disk fails, and goes on when the disk does")
    func faults() async throws {
        let folder = try LogFolder()
        let files = FaultyFiles(folder.path)
        let log = try await LocalUsageLog.open(folder.settings, files: files)
        try await log.record([try .sample(0)])
        files.set { $0.room = 30 }
        await expectFull { try await log.record([try .sample(1)]) }
        files.set { faults in
            faults.room = nil
            faults.synchronize = EIO
            faults.truncate = EIO
        }
        await #expect(throws: AssignmentsError.self) { try await log.record([try .sample(2)]) }
        files.set { faults in
            faults.synchronize = nil
            faults.create = EMFILE
        }
        await #expect(throws: AssignmentsError.self) { try await log.record([try .sample(3)]) }
        files.set { $0.create = nil }
        try await log.record([try .sample(4)])
        #expect(try await log.all().events.map(\.id) == ["event-0", "event-4"])
        #expect(log.statistics.eventsRefused == 3)
        await log.close()
        let again = try await LocalUsageLog.open(folder.settings)
        #expect(try await again.all().events.map(\.id) == ["event-0", "event-4"])
        await again.close()
    }

    @Test("belongs to one opener at a time, and takes nothing after it was closed")
    func taken() async throws {
        let folder = try LogFolder()
        let log = try await LocalUsageLog.open(folder.settings)
        let error = await #expect(throws: AssignmentsError.self) { _ = try await LocalUsageLog.open(folder.settings) }
        guard case .taken = error else {
            Issue.record("it is \(String(describing: error))")
            return
        }
        await log.close()
        let closed = await #expect(throws: AssignmentsError.self) { try await log.record([try .sample(0)]) }
        guard case .closed = closed else {
            Issue.record("it is \(String(describing: closed))")
            return
        }
        await (try LocalUsageLog.open(folder.settings)).close()
    }

    private func expectFull(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: AssignmentsError.self, sourceLocation: sourceLocation) { try await body() }
        if case .full = error { return }
        Issue.record("it is \(String(describing: error))", sourceLocation: sourceLocation)
    }
}
