import Foundation
import Glibc
import Ledger
import VitrineTesting

/// Kills unloaders and looks at what they left.
enum UnloadCrash {
    /// An unloader kills itself at a step's first, second and fifth time; the next one finishes the work.
    static func check(at stage: LedgerStage, in harness: DatabaseHarness) async throws {
        var random = SeededGenerator(seed: 21)
        var model = UsageModel()
        for _ in 0..<9 { try model.writeNext(to: harness.writer, rows: 30, using: &random) }
        try await harness.withDatabase { _ in }
        try await harness.logRemovals()
        for number in [1, 2, 5] {
            let child = try crasher(harness, [stage.rawValue, String(number)])
            _ = child.lines(.max)
            child.process.waitUntilExit()
            try require(child.process.terminationReason == .uncaughtSignal, "it did not get to \(stage) \(number)")
        }
        try await harness.withDatabase { database in
            try await harness.drain(database)
            try await harness.compare(database, with: model)
        }
        try await harness.requireEachOnce()
    }

    /// Two unloaders at a time are killed after random numbers of steps, until all is done.
    static func checkAnywhere(in harness: DatabaseHarness, seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var model = UsageModel()
        for _ in 0..<12 { try model.writeNext(to: harness.writer, rows: 60, using: &random) }
        try await harness.withDatabase { _ in }
        try await harness.logRemovals()
        for _ in 0..<6 {
            let children = try (0..<2).map { _ in try crasher(harness, []) }
            // They go on while these lines are read, so the signal meets them anywhere.
            _ = children[0].lines(Int.random(in: 1...60, using: &random))
            for child in children { kill(child.process.processIdentifier, SIGKILL) }
            for child in children {
                _ = child.lines(.max)
                child.process.waitUntilExit()
            }
        }
        try await harness.withDatabase { database in
            try await harness.drain(database)
            try await harness.compare(database, with: model)
        }
        try await harness.requireEachOnce()
    }

    static func crasher(_ harness: DatabaseHarness, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess("UnloadCrasher", [harness.url, harness.exports] + arguments)
    }
}
