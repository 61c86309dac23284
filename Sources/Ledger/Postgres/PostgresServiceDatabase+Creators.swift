extension PostgresServiceDatabase {
    private enum Statements {
        /// Skips along `payouts_by_amount` from month to month.
        static let periods = PostgresStatement(
            name: "periods",
            sql: """
                WITH RECURSIVE found(period) AS (
                    (SELECT period FROM vitrine.payouts WHERE NOT deleted ORDER BY period DESC LIMIT 1)
                    UNION ALL
                    SELECT (SELECT period FROM vitrine.payouts WHERE NOT deleted AND period < found.period
                        ORDER BY period DESC LIMIT 1)
                    FROM found WHERE found.period IS NOT NULL
                )
                SELECT period FROM found WHERE period IS NOT NULL LIMIT $1::bigint
                """
        )
        static let count = PostgresStatement(
            name: "creators_count",
            sql: "SELECT count(*) FROM vitrine.payouts WHERE period = $1::text AND NOT deleted"
        )
        /// Along `payouts_by_amount`, from the last page's amount on; `amount` alone would be the text.
        static let byAmount = PostgresStatement(
            name: "creators_by_amount",
            sql: """
                SELECT creator_id, uses, amount::text, status FROM vitrine.payouts
                WHERE period = $1::text AND NOT deleted AND amount <= $2::numeric
                    AND (amount < $2::numeric OR creator_id > $3::text)
                    AND strpos(lower(creator_id), $4::text) > 0
                ORDER BY payouts.amount DESC, creator_id LIMIT $5::bigint
                """
        )
        /// Along the primary key, from the last page's creator on.
        static let byID = PostgresStatement(
            name: "creators_by_id",
            sql: """
                SELECT creator_id, uses, amount::text, status FROM vitrine.payouts
                WHERE creator_id > $2::text AND period = $1::text AND NOT deleted
                    AND strpos(lower(creator_id), $3::text) > 0
                ORDER BY creator_id LIMIT $4::bigint
                """
        )
        /// Skips along the primary key from creator to creator.
        static let withDays = PostgresStatement(
            name: "creators_with_days",
            sql: """
                WITH RECURSIVE ids(id) AS (
                    (SELECT creator_id FROM vitrine.creator_daily WHERE creator_id > $1::text
                        ORDER BY creator_id LIMIT 1)
                    UNION ALL
                    SELECT (SELECT creator_id FROM vitrine.creator_daily WHERE creator_id > ids.id
                        ORDER BY creator_id LIMIT 1)
                    FROM ids WHERE ids.id IS NOT NULL
                )
                SELECT id FROM ids
                WHERE id IS NOT NULL AND strpos(lower(id), $2::text) > 0
                    AND EXISTS (SELECT 1 FROM vitrine.creator_daily
                        WHERE creator_id = ids.id AND day BETWEEN $3::date AND $4::date AND NOT deleted)
                LIMIT $5::bigint
                """
        )
        static let days = PostgresStatement(
            name: "creators_days",
            sql: """
                SELECT creator_id, to_char(day, 'YYYY-MM-DD'), content_type, uses, amount::text
                FROM vitrine.creator_daily
                WHERE creator_id = ANY ($1::text[]) AND day BETWEEN $2::date AND $3::date AND NOT deleted
                ORDER BY creator_id, day LIMIT $4::bigint
                """
        )
    }

    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage {
        try await pool.run(within: settings.readDeadline) { connection, deadline throws(LedgerError) in
            try connection.run(Self.begin, by: deadline)
            let applied = try connection.run(Self.applied, by: deadline).number(0, 0)
            let known = try connection.run(Statements.periods, [.number(Int64(CreatorsPage.periodsMax))], by: deadline)
            let periods = (0..<known.rows).compactMap { UsagePeriod(known.text($0, 0)) }
            var period: UsagePeriod?
            var count: Int?
            if case .period(let asked) = question.span {
                period = asked ?? periods.first
                if let period {
                    let found = try connection.run(Statements.count, [.text(period.description)], by: deadline)
                    count = Int(found.number(0, 0))
                }
            }
            var draft = CreatorsDraft(question, period: period, periods: periods, count: count, asOf: applied)
            switch question.span {
            case .days(let from, let to):
                try Self.list(question, from, to, into: &draft, connection, deadline)
                try Self.addDays(from, to, question.rowsMax, to: &draft, connection, deadline)
            case .period:
                guard let period else { break }
                try Self.list(question, period, into: &draft, connection, deadline)
                let (from, to) = period.days
                try Self.addDays(from, to, question.rowsMax, to: &draft, connection, deadline)
            }
            try connection.run("COMMIT", by: deadline)
            return try draft.finished()
        }
    }

    private static func list(
        _ question: CreatorsQuestion,
        _ period: UsagePeriod,
        into draft: inout CreatorsDraft,
        _ connection: PostgresConnection,
        _ deadline: ContinuousClock.Instant
    ) throws(LedgerError) {
        let creator = PostgresParameter.text(question.after?.creator ?? "")
        let search = PostgresParameter.text(question.lowered)
        let limit = PostgresParameter.number(Int64(question.limit) + 1)
        let found: PostgresResult
        switch question.order {
        case .amount:
            let amount = PostgresParameter.text(question.after?.amount?.text ?? CreatorsCursor.greatest)
            found = try connection.run(
                Statements.byAmount,
                [.text(period.description), amount, creator, search, limit],
                by: deadline
            )
        case .id:
            found = try connection.run(
                Statements.byID,
                [.text(period.description), creator, search, limit],
                by: deadline
            )
        }
        for row in 0..<found.rows {
            let payout = try StoredRows.payout(
                period.description,
                uses: found.number(row, 1),
                amount: found.text(row, 2),
                status: found.text(row, 3)
            )
            draft.add(found.text(row, 0), payout)
        }
    }

    private static func list(
        _ question: CreatorsQuestion,
        _ from: UsageDay,
        _ to: UsageDay,
        into draft: inout CreatorsDraft,
        _ connection: PostgresConnection,
        _ deadline: ContinuousClock.Instant
    ) throws(LedgerError) {
        let found = try connection.run(
            Statements.withDays,
            [
                .text(question.after?.creator ?? ""), .text(question.lowered), .text(from.description),
                .text(to.description), .number(Int64(question.limit) + 1),
            ],
            by: deadline
        )
        for row in 0..<found.rows { draft.add(found.text(row, 0)) }
    }

    private static func addDays(
        _ from: UsageDay,
        _ to: UsageDay,
        _ rowsMax: Int,
        to draft: inout CreatorsDraft,
        _ connection: PostgresConnection,
        _ deadline: ContinuousClock.Instant
    ) throws(LedgerError) {
        let creators = draft.creators
        guard !creators.isEmpty else { return }
        var ids = PostgresArray(capacity: creators.count * 24)
        for creator in creators { ids.append(creator) }
        let found = try connection.run(
            Statements.days,
            [ids.parameter(), .text(from.description), .text(to.description), .number(Int64(rowsMax) + 1)],
            by: deadline
        )
        for row in 0..<found.rows {
            let day = try StoredRows.day(
                found.text(row, 1),
                contentType: found.text(row, 2),
                uses: found.number(row, 3),
                amount: found.text(row, 4)
            )
            try draft.add(day, of: found.text(row, 0))
        }
    }
}
