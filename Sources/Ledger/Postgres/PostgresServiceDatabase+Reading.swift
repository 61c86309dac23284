import DeliveryTypes

extension PostgresServiceDatabase {
    private enum Statements {
        static let isKnown = PostgresStatement(
            name: "creator_known",
            sql: """
                SELECT EXISTS (SELECT 1 FROM vitrine.creator_daily WHERE creator_id = $1::text AND NOT deleted)
                    OR EXISTS (SELECT 1 FROM vitrine.payouts WHERE creator_id = $1::text AND NOT deleted)
                """
        )
        static let days = PostgresStatement(
            name: "creator_days",
            sql: """
                SELECT to_char(day, 'YYYY-MM-DD'), content_type, uses, amount::text FROM vitrine.creator_daily
                WHERE creator_id = $1::text AND day BETWEEN $2::date AND $3::date AND NOT deleted
                ORDER BY day, content_type LIMIT $4::bigint
                """
        )
        static let payouts = PostgresStatement(
            name: "creator_payouts",
            sql: """
                SELECT period, uses, amount::text, status FROM vitrine.payouts
                WHERE creator_id = $1::text AND period BETWEEN $2::text AND $3::text AND NOT deleted
                ORDER BY period
                """
        )
        static let applied = PostgresStatement(
            name: "exports_applied",
            sql: """
                SELECT coalesce((SELECT export - 1 FROM vitrine.queue ORDER BY export, position LIMIT 1),
                    (SELECT max(number) FROM vitrine.exports), 0)::bigint
                """
        )
        static let waiting = PostgresStatement(
            name: "waiting",
            sql: "SELECT count(*), coalesce(sum(rows), 0)::bigint FROM vitrine.queue"
        )
        static let last = PostgresStatement(
            name: "last_manifest",
            sql: "SELECT number, manifest_sha256 FROM vitrine.exports ORDER BY number DESC LIMIT 1"
        )
    }

    /// The export up to which nothing waits.
    static var applied: PostgresStatement { Statements.applied }

    /// All selects of a reading see one moment.
    static let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    func creator(
        _ id: String,
        from: UsageDay,
        to: UsageDay,
        rowsMax: Int
    ) async throws(LedgerError) -> CreatorUsage? {
        guard !id.utf8.contains(0) else { return nil }
        return try await pool.run(within: settings.readDeadline) { connection, deadline throws(LedgerError) in
            try connection.run(Self.begin, by: deadline)
            guard try connection.run(Statements.isKnown, [.text(id)], by: deadline).flag(0, 0) else { return nil }
            let days = try connection.run(
                Statements.days,
                [.text(id), .text(from.description), .text(to.description), .number(Int64(rowsMax) + 1)],
                by: deadline
            )
            guard days.rows <= rowsMax else { throw .tooMany(limit: rowsMax) }
            let payouts = try connection.run(
                Statements.payouts,
                [.text(id), .text(from.period.description), .text(to.period.description)],
                by: deadline
            )
            let applied = try connection.run(Statements.applied, by: deadline).number(0, 0)
            try connection.run("COMMIT", by: deadline)
            var usage = CreatorUsage(creator: id, days: [], payouts: [], asOf: applied)
            for row in 0..<days.rows {
                usage.days.append(
                    try StoredRows.day(
                        days.text(row, 0),
                        contentType: days.text(row, 1),
                        uses: days.number(row, 2),
                        amount: days.text(row, 3)
                    )
                )
            }
            for row in 0..<payouts.rows {
                usage.payouts.append(
                    try StoredRows.payout(
                        payouts.text(row, 0),
                        uses: payouts.number(row, 1),
                        amount: payouts.text(row, 2),
                        status: payouts.text(row, 3)
                    )
                )
            }
            return usage
        }
    }

    func backlog() async throws(LedgerError) -> Backlog {
        try await pool.run(within: settings.readDeadline) { connection, deadline throws(LedgerError) in
            try connection.run(Self.begin, by: deadline)
            let waiting = try connection.run(Statements.waiting, by: deadline)
            let last = try connection.run(Statements.last, by: deadline)
            let applied = try connection.run(Statements.applied, by: deadline).number(0, 0)
            try connection.run("COMMIT", by: deadline)
            return Backlog(
                batches: Int(waiting.number(0, 0)),
                rows: Int(waiting.number(0, 1)),
                enqueued: last.rows > 0 ? last.number(0, 0) : 0,
                enqueuedDigest: last.rows > 0 ? try StoredRows.digest(last.bytes(0, 1)) : nil,
                applied: applied
            )
        }
    }
}
