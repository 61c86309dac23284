import Ledger
import VitrineTesting

/// What every service database promises, as checks to run against each implementation.
struct ServiceDatabaseConformance: Sendable, CustomStringConvertible {
    let description: String
    /// Takes a new, empty database; throws where the promise is broken.
    let check: @Sendable (DatabaseHarness) async throws -> Void

    init(_ description: String, check: @escaping @Sendable (DatabaseHarness) async throws -> Void) {
        self.description = description
        self.check = check
    }

    static let behaviours = schema + exports + queue + reading + creators

    /// The error that `body` throws.
    static func failure(
        _ text: String,
        line: Int = #line,
        of body: () async throws(LedgerError) -> Void
    ) async throws -> LedgerError {
        do throws(LedgerError) {
            try await body()
        } catch {
            return error
        }
        throw ConformanceFailure("\(text): no error was thrown", line: line)
    }

    /// All days there are.
    static func all(_ creator: String, in database: any ServiceDatabase) async throws -> CreatorUsage? {
        guard let from = UsageDay("1970-01-01"), let to = UsageDay("9999-12-31") else { return nil }
        return try await database.creator(creator, from: from, to: to, rowsMax: 1_000)
    }

    private static let schema = [
        ServiceDatabaseConformance("migrating is done once, whoever begins") { harness in
            try await harness.withDatabase { first in
                try await harness.withDatabase { second in
                    async let one = first.migrate()
                    async let other = second.migrate()
                    let versions = try await [one, other, first.migrate()]
                    try require(Set(versions).count == 1 && versions[0] >= 1, "versions \(versions)")
                }
            }
        },
        ServiceDatabaseConformance("an empty database knows of nothing") { harness in
            try await harness.withDatabase { database in
                try require(try await all("anybody", in: database) == nil, "a creator")
                try require(try await database.unload() == nil, "a batch")
                let backlog = try await database.backlog()
                let empty = Backlog(batches: 0, rows: 0, enqueued: 0, enqueuedDigest: nil, applied: 0)
                try require(backlog == empty, "\(backlog)")
            }
        },
        ServiceDatabaseConformance("a database that was closed says so") { harness in
            let database = try await harness.location.open()
            try await database.migrate()
            await database.close()
            let error = try await failure("closed") { () async throws(LedgerError) in _ = try await database.backlog() }
            guard case .closed = error else { throw ConformanceFailure("\(error)") }
        },
    ]
}
