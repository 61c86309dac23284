import Synchronization
import Testing
import VitrineTesting

@testable import Ledger

@Suite("The service that unloads")
struct UnloadServiceTests {
    private static func service(
        _ harness: DatabaseHarness,
        _ database: any ServiceDatabase,
        _ clock: ManualClock,
        batchRows: Int = 5
    ) -> UnloadService {
        UnloadService(
            database: database,
            folder: harness.exportFolder,
            settings: UnloadSettings(batchRows: batchRows),
            clock: clock,
            random: { 0 }
        )
    }

    /// Does steps until all exports are applied; fails after too many.
    private static func drive(_ service: UnloadService, _ clock: ManualClock, to export: Int64) async throws {
        for _ in 0..<2_000 {
            clock.advance(by: await service.step())
            let statistics = service.statistics
            if statistics.exportApplied == export, statistics.backlogRows == 0 { return }
        }
        throw ConformanceFailure("it does not come to an end: \(service.statistics)")
    }

    @Test("brings in what is new, in order, and says so")
    func brings() async throws {
        let harness = try DatabaseHarness.sqlite()
        var random = SeededGenerator(seed: 31)
        var model = UsageModel()
        let clock = ManualClock()
        for _ in 0..<3 { try model.writeNext(to: harness.writer, rows: 40, using: &random) }
        let database = try await harness.location.open()
        let service = Self.service(harness, database, clock)
        try await Self.drive(service, clock, to: 3)
        try await harness.compare(database, with: model)
        try model.writeNext(to: harness.writer, rows: 40, using: &random)
        try await Self.drive(service, clock, to: 4)
        try await harness.compare(database, with: model)
        let statistics = service.statistics
        #expect(statistics.exportSeen == 4 && statistics.exportEnqueued == 4 && statistics.exportsWaiting == 0)
        #expect(statistics.rowsApplied > 100 && statistics.batchesApplied > 20)
        #expect(statistics.rowsWritten == statistics.rowsApplied)
        #expect(statistics.lastError == nil && statistics.failures == 0)
        #expect(statistics.rate >= 1_000)
        await database.close()
    }

    @Test("waits with the exports behind a damaged one, names it, and goes on when it is mended")
    func damaged() async throws {
        let harness = try DatabaseHarness.sqlite()
        let clock = ManualClock()
        let row = DailyState(day: "2026-01-01", creator: "c", contentType: "t", uses: 1, amount: "1")
        try harness.writer.write(1, daily: [row], payouts: [])
        let path = try harness.writer.write(2, daily: [row], payouts: [])
        try harness.writer.write(3, daily: [row], payouts: [])
        let name = String(path.split(separator: "/").last ?? "")
        try harness.folder.write(Array("no part".utf8), to: "exports/\(name)/creator_daily-1.csv")
        let database = try await harness.location.open()
        let service = Self.service(harness, database, clock)
        for _ in 0..<40 { clock.advance(by: await service.step()) }
        var statistics = service.statistics
        #expect(statistics.exportApplied == 1 && statistics.exportsWaiting == 2)
        guard case .damaged(let damage) = statistics.enqueueError else {
            Issue.record("\(statistics)")
            return
        }
        #expect(damage.number == 2 && damage.file == "creator_daily-1.csv")
        #expect(statistics.failures == 0, "it is not the database's fault")
        let part = ExportWriter.Part(table: .creatorDaily, name: "", lines: [row.line])
        try harness.folder.write(part.bytes, to: "exports/\(name)/creator_daily-1.csv")
        try await Self.drive(service, clock, to: 3)
        statistics = service.statistics
        #expect(statistics.enqueueError == nil && statistics.unloadError == nil)
        await database.close()
    }

    @Test("says which export is missing, and which was made anew")
    func missing() async throws {
        let harness = try DatabaseHarness.sqlite()
        let clock = ManualClock()
        try harness.writer.write(1, [])
        try harness.writer.write(3, [])
        let database = try await harness.location.open()
        let service = Self.service(harness, database, clock)
        for _ in 0..<10 { clock.advance(by: await service.step()) }
        guard case .gap(2, 3) = service.statistics.enqueueError else {
            Issue.record("\(service.statistics)")
            return
        }
        await database.close()
        let other = try TemporaryFolder()
        let writer = ExportWriter(folder: other.path)
        try writer.write(1, [ExportWriter.Part(table: .payouts, name: "p.csv", lines: [])])
        let again = try await harness.location.open()
        let second = UnloadService(database: again, folder: ExportFolder(path: other.path), clock: clock, random: { 0 })
        clock.advance(by: await second.step())
        guard case .replaced(1) = second.statistics.enqueueError else {
            Issue.record("\(second.statistics)")
            return
        }
        await again.close()
    }

    @Test("asks a database that is away ever more seldom, and applies everything when it is back")
    func away() async throws {
        let harness = try DatabaseHarness.sqlite()
        var random = SeededGenerator(seed: 32)
        var model = UsageModel()
        let clock = ManualClock()
        for _ in 0..<4 { try model.writeNext(to: harness.writer, rows: 40, using: &random) }
        let database = MoodyDatabase(try await harness.location.open())
        let service = Self.service(harness, database, clock)
        for _ in 0..<20 { clock.advance(by: await service.step()) }
        database.isAway.store(true, ordering: .relaxed)
        let before = database.calls.load(ordering: .relaxed)
        let start = clock.now
        while start.duration(to: clock.now) < .seconds(3_600) {
            clock.advance(by: max(await service.step(), .milliseconds(1)))
        }
        let calls = database.calls.load(ordering: .relaxed) - before
        #expect(calls > 100 && calls < 400, "\(calls) calls in an hour")
        let failed = service.statistics
        #expect(failed.failures > 100 && failed.lastError != nil)
        #expect(failed.rate == 100)
        database.isAway.store(false, ordering: .relaxed)
        try await Self.drive(service, clock, to: 4)
        try await harness.compare(database, with: model)
        #expect(service.statistics.lastError == nil)
        await database.close()
    }

    @Test("keeps to its pace")
    func pace() async throws {
        let harness = try DatabaseHarness.sqlite()
        let clock = ManualClock()
        var random = SeededGenerator(seed: 33)
        var model = UsageModel()
        try model.writeNext(to: harness.writer, rows: 500, using: &random)
        let database = MoodyDatabase(try await harness.location.open()) { clock.advance(by: .milliseconds(20)) }
        let service = Self.service(harness, database, clock, batchRows: 20)
        let start = clock.now
        try await Self.drive(service, clock, to: 1)
        let took = start.duration(to: clock.now)
        let busy = service.statistics.databaseTime
        #expect(busy <= took * 0.26, "\(busy) of \(took)")
        await database.close()
    }
}
