import Ledger
import Synchronization

/// A service database that answers about creators only once it is opened.
final class GatedDatabase: ServiceDatabase {
    private let database: any ServiceDatabase
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation
    private let openings: AsyncStream<Void>
    private let opening: AsyncStream<Void>.Continuation

    init(_ database: any ServiceDatabase) {
        self.database = database
        (arrivals, arrival) = AsyncStream.makeStream()
        (openings, opening) = AsyncStream.makeStream()
    }

    /// Returns when a question has come.
    func entered() async { for await _ in arrivals { return } }

    func open() { opening.finish() }

    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage? {
        arrival.yield()
        for await _ in openings {}
        return try await database.creator(id, from: from, to: to, rowsMax: rowsMax)
    }

    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage {
        try await database.creators(question)
    }

    func migrate() async throws(LedgerError) -> Int { try await database.migrate() }

    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome {
        try await database.enqueue(export, batchRows: batchRows)
    }

    func unload() async throws(LedgerError) -> UnloadedBatch? { try await database.unload() }

    func backlog() async throws(LedgerError) -> Backlog { try await database.backlog() }

    func close() async { await database.close() }
}
