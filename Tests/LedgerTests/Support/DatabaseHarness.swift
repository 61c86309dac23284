import Ledger
import VitrineTesting

/// A new, empty database for one test, seen also from behind.
struct DatabaseHarness: Sendable {
    var location: ServiceDatabaseLocation
    /// The location as a text, with its password.
    var url: String
    /// What stands before a table's name.
    var prefix: String
    /// Runs SQL, past the module.
    var execute: @Sendable (String) async throws -> Void
    /// The whole numbers that a query gives, row by row.
    var numbers: @Sendable (String) async throws -> [[Int64]]
    /// Makes a table `removals` that gets a row for each batch that is removed from the queue, in the same transaction.
    var logRemovals: @Sendable () async throws -> Void
    let folder: TemporaryFolder

    var exports: String { folder.path(of: "exports") }
    var writer: ExportWriter { ExportWriter(folder: exports) }
    var exportFolder: ExportFolder { ExportFolder(path: exports) }

    /// Opens it, runs `body` with it and closes it.
    func withDatabase<Value>(
        stage: (@Sendable (LedgerStage) -> Void)? = nil,
        _ body: (any ServiceDatabase) async throws -> Value
    ) async throws -> Value {
        let database = try await location.open(connections: 4, stage: stage)
        do {
            try await database.migrate()
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }

    func export(_ number: Int64) throws -> UsageExport {
        guard let export = try exportFolder.export(number) else { throw ConformanceFailure("no export \(number)") }
        return export
    }

    /// Takes in all exports that are not in yet, and applies everything.
    @discardableResult
    func drain(_ database: any ServiceDatabase, batchRows: Int = 5) async throws -> [UnloadedBatch] {
        for number in try exportFolder.numbers() {
            _ = try await database.enqueue(try export(number), batchRows: batchRows)
        }
        var batches: [UnloadedBatch] = []
        while let batch = try await database.unload() { batches.append(batch) }
        return batches
    }

    /// Whether the database says of every creator what the model says.
    func compare(_ database: any ServiceDatabase, with model: UsageModel) async throws {
        guard let from = UsageDay("1970-01-01"), let to = UsageDay("9999-12-31") else { return }
        for creator in UsageModel.creators {
            let found = try await database.creator(creator, from: from, to: to, rowsMax: 10_000)
            let expected = try model.usage(of: creator)
            try require(
                found == expected,
                "\(creator): \(String(describing: found)), not \(String(describing: expected))"
            )
        }
        let backlog = try await database.backlog()
        try require(backlog.rows == 0 && backlog.batches == 0, "something waits: \(backlog)")
        try require(
            backlog.applied == model.exports && backlog.enqueued == model.exports,
            "not all is there: \(backlog)"
        )
    }

    /// Whether every batch was removed from the queue exactly once, after ``logRemovals``.
    func requireEachOnce() async throws {
        let removed = try await numbers("SELECT export, position FROM removals ORDER BY export, position")
        let batches = try await numbers("SELECT number, batches FROM \(prefix)exports ORDER BY number")
        let expected = batches.flatMap { row in (0..<row[1]).map { [row[0], $0] } }
        try require(removed == expected, "\(removed.count) batches were removed, not each of \(expected.count) once")
    }
}
