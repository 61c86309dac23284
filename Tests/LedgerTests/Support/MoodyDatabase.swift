import Ledger
import Synchronization

/// A service database that can be away, and counts what it is asked.
final class MoodyDatabase: ServiceDatabase {
    let isAway = Atomic(false)
    let calls = Atomic(0)
    private let database: any ServiceDatabase
    /// Called within each transaction that applies a batch.
    private let work: @Sendable () -> Void

    init(_ database: any ServiceDatabase, work: @escaping @Sendable () -> Void = {}) {
        self.database = database
        self.work = work
    }

    private func enter() throws(LedgerError) {
        calls.wrappingAdd(1, ordering: .relaxed)
        if isAway.load(ordering: .relaxed) { throw .unavailable(DatabaseFault(message: "away")) }
    }

    func migrate() async throws(LedgerError) -> Int {
        try enter()
        return try await database.migrate()
    }

    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome {
        try enter()
        return try await database.enqueue(export, batchRows: batchRows)
    }

    func unload() async throws(LedgerError) -> UnloadedBatch? {
        try enter()
        work()
        return try await database.unload()
    }

    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage? {
        try enter()
        return try await database.creator(id, from: from, to: to, rowsMax: rowsMax)
    }

    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage {
        try enter()
        return try await database.creators(question)
    }

    func backlog() async throws(LedgerError) -> Backlog {
        try enter()
        return try await database.backlog()
    }

    func close() async { await database.close() }
}
