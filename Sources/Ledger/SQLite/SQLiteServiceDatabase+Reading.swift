import DeliveryTypes
import GRDB

extension SQLiteServiceDatabase {
    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage? {
        try await read { database in
            let isKnown = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM creator_daily WHERE creator_id = :id AND deleted = 0)
                        OR EXISTS (SELECT 1 FROM payouts WHERE creator_id = :id AND deleted = 0)
                    """,
                arguments: ["id": id]
            )
            guard isKnown == true else { return nil }
            let days = try Row.fetchAll(
                database,
                sql: """
                    SELECT day, content_type, uses, amount FROM creator_daily
                    WHERE creator_id = ? AND day BETWEEN ? AND ? AND deleted = 0
                    ORDER BY day, content_type LIMIT ?
                    """,
                arguments: [id, from.description, to.description, rowsMax + 1]
            )
            guard days.count <= rowsMax else { throw LedgerError.tooMany(limit: rowsMax) }
            let payouts = try Row.fetchAll(
                database,
                sql: """
                    SELECT period, uses, amount, status FROM payouts
                    WHERE creator_id = ? AND period BETWEEN ? AND ? AND deleted = 0
                    ORDER BY period
                    """,
                arguments: [id, from.period.description, to.period.description]
            )
            return CreatorUsage(
                creator: id,
                days: try days.map { row in
                    try StoredRows.day(row[0], contentType: row[1], uses: row[2], amount: row[3])
                },
                payouts: try payouts.map { row in
                    try StoredRows.payout(row[0], uses: row[1], amount: row[2], status: row[3])
                },
                asOf: try Self.applied(database)
            )
        }
    }

    func backlog() async throws(LedgerError) -> Backlog {
        try await read { database in
            let waiting = try Row.fetchOne(database, sql: "SELECT count(*), coalesce(sum(rows), 0) FROM queue")
            let last = try Row.fetchOne(
                database,
                sql: "SELECT number, manifest_sha256 FROM exports ORDER BY number DESC LIMIT 1"
            )
            return Backlog(
                batches: waiting?[0] ?? 0,
                rows: waiting?[1] ?? 0,
                enqueued: last?[0] ?? 0,
                enqueuedDigest: try last.map { try StoredRows.digest($0.dataBytes(1)) },
                applied: try Self.applied(database)
            )
        }
    }

    /// The export up to which nothing waits.
    static func applied(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT coalesce((SELECT export - 1 FROM queue ORDER BY export, position LIMIT 1),
                    (SELECT max(number) FROM exports), 0)
                """
        ) ?? 0
    }
}
