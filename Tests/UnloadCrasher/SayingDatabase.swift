import Ledger

/// A service database that tells when there is nothing to apply, so that whoever listens never waits for good.
struct SayingDatabase: ServiceDatabase {
    let database: any ServiceDatabase
    let say: @Sendable (String) -> Void

    func unload() async throws(LedgerError) -> UnloadedBatch? {
        let batch = try await database.unload()
        if batch == nil { say("idle\n") }
        return batch
    }

    func migrate() async throws(LedgerError) -> Int { try await database.migrate() }

    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome {
        try await database.enqueue(export, batchRows: batchRows)
    }

    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage? {
        try await database.creator(id, from: from, to: to, rowsMax: rowsMax)
    }

    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage {
        try await database.creators(question)
    }

    func backlog() async throws(LedgerError) -> Backlog { try await database.backlog() }

    func close() async { await database.close() }
}
