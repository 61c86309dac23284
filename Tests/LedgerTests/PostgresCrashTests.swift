import Foundation
import Glibc
import Ledger
import Synchronization
import Testing
import VitrineTesting

@Suite(
    "Unloaders and a PostgreSQL server that are killed",
    .enabled(if: PostgresServer.isThere, Comment(rawValue: PostgresServer.hint))
)
struct PostgresCrashTests {
    @Test("an unloader, at any step, leaves a queue that goes on where it was", arguments: LedgerStage.allCases)
    func step(_ stage: LedgerStage) async throws {
        try await DatabaseHarness.withPostgres { try await UnloadCrash.check(at: stage, in: $0) }
    }

    @Test("two unloaders, at any moment, again and again, apply everything once", arguments: [1, 2] as [UInt64])
    func anywhere(seed: UInt64) async throws {
        try await DatabaseHarness.withPostgres { try await UnloadCrash.checkAnywhere(in: $0, seed: seed) }
    }

    @Test("the server, at each step of the queue, has done all of a step or nothing")
    func server() async throws {
        let server = try PostgresServer()
        do {
            try await DatabaseHarness.withPostgres(server.url) { try await Self.killAtEachStep(server, $0) }
        } catch {
            try server.stop()
            throw error
        }
        try server.stop()
    }

    private static func killAtEachStep(_ server: PostgresServer, _ harness: DatabaseHarness) async throws {
        var random = SeededGenerator(seed: 41)
        var model = UsageModel()
        try await harness.withDatabase { _ in }
        try await harness.logRemovals()
        for stage in LedgerStage.allCases {
            try model.writeNext(to: harness.writer, rows: 20, using: &random)
            let isDue = Atomic(true)
            let wasKilled = Atomic(false)
            let watch: @Sendable (LedgerStage) -> Void = { reached in
                guard reached == stage, isDue.exchange(false, ordering: .relaxed) else { return }
                do {
                    try server.kill()
                    try server.start()
                    wasKilled.store(true, ordering: .relaxed)
                } catch { Issue.record(error) }
            }
            try await harness.withDatabase(stage: watch) { database in
                // Some calls fail; each may be made again, as the service does.
                for _ in 0..<100 {
                    do {
                        try await harness.drain(database)
                        try await harness.compare(database, with: model)
                        break
                    } catch LedgerError.unavailable { continue }
                }
                let isKilled = wasKilled.load(ordering: .relaxed)
                #expect(isKilled, "\(stage)")
                try await harness.compare(database, with: model)
            }
        }
        try await harness.requireEachOnce()
    }

    @Test("the server and two unloaders together, at any moment, apply everything once")
    func together() async throws {
        let server = try PostgresServer()
        do {
            try await DatabaseHarness.withPostgres(server.url) { try await Self.killServerUnderLoad(server, $0) }
        } catch {
            try server.stop()
            throw error
        }
        try server.stop()
    }

    private static func killServerUnderLoad(_ server: PostgresServer, _ harness: DatabaseHarness) async throws {
        var random = SeededGenerator(seed: 42)
        var model = UsageModel()
        for _ in 0..<12 { try model.writeNext(to: harness.writer, rows: 60, using: &random) }
        try await harness.withDatabase { _ in }
        try await harness.logRemovals()
        let children = try (0..<2).map { _ in try UnloadCrash.crasher(harness, []) }
        for _ in 0..<4 {
            // They go on while these lines are read, so the signal meets the server anywhere.
            _ = children[0].lines(Int.random(in: 1...40, using: &random))
            try server.kill()
            try server.start()
        }
        kill(children[1].process.processIdentifier, SIGKILL)
        for child in children {
            kill(child.process.processIdentifier, SIGKILL)
            _ = child.lines(.max)
            child.process.waitUntilExit()
        }
        try await harness.withDatabase { database in
            try await harness.drain(database)
            try await harness.compare(database, with: model)
        }
        try await harness.requireEachOnce()
    }
}
