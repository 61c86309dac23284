import GRDB

extension SQLiteServiceDatabase {
    private enum SQL {
        /// Skips along `payouts_by_amount` from month to month.
        static let periods = """
            WITH RECURSIVE found(period) AS (
                SELECT (SELECT period FROM payouts WHERE deleted = 0 ORDER BY period DESC LIMIT 1)
                UNION ALL
                SELECT (SELECT period FROM payouts WHERE deleted = 0 AND period < found.period
                    ORDER BY period DESC LIMIT 1)
                FROM found WHERE found.period IS NOT NULL
            )
            SELECT period FROM found WHERE period IS NOT NULL LIMIT ?
            """
        static let count = "SELECT count(*) FROM payouts WHERE period = ? AND deleted = 0"
        /// Along `payouts_by_amount`, from the last page's amount on.
        static let byAmount = """
            SELECT creator_id, uses, amount, status FROM payouts
            WHERE period = :period AND deleted = 0 AND CAST(amount AS REAL) <= CAST(:amount AS REAL)
                AND (CAST(amount AS REAL) < CAST(:amount AS REAL) OR creator_id > :creator)
                AND instr(lower(creator_id), :search) > 0
            ORDER BY CAST(amount AS REAL) DESC, creator_id LIMIT :limit
            """
        /// Along the primary key, from the last page's creator on.
        static let byID = """
            SELECT creator_id, uses, amount, status FROM payouts
            WHERE creator_id > :creator AND +period = :period AND +deleted = 0
                AND instr(lower(creator_id), :search) > 0
            ORDER BY creator_id LIMIT :limit
            """
        /// Skips along the primary key from creator to creator.
        static let withDays = """
            WITH RECURSIVE ids(id) AS (
                SELECT (SELECT creator_id FROM creator_daily WHERE creator_id > :creator ORDER BY creator_id LIMIT 1)
                UNION ALL
                SELECT (SELECT creator_id FROM creator_daily WHERE creator_id > ids.id ORDER BY creator_id LIMIT 1)
                FROM ids WHERE ids.id IS NOT NULL
            )
            SELECT id FROM ids
            WHERE id IS NOT NULL AND instr(lower(id), :search) > 0
                AND EXISTS (SELECT 1 FROM creator_daily
                    WHERE creator_id = ids.id AND day BETWEEN :from AND :to AND deleted = 0)
            LIMIT :limit
            """
        static let days = """
            SELECT day, content_type, uses, amount FROM creator_daily
            WHERE creator_id = ? AND day BETWEEN ? AND ? AND deleted = 0 ORDER BY day LIMIT ?
            """
    }

    func creators(_ question: CreatorsQuestion) async throws(LedgerError) -> CreatorsPage {
        try await read { database in
            let periods = try String.fetchAll(database, sql: SQL.periods, arguments: [CreatorsPage.periodsMax])
                .compactMap { UsagePeriod($0) }
            var period: UsagePeriod?
            var count: Int?
            if case .period(let asked) = question.span {
                period = asked ?? periods.first
                count = try period.map {
                    try Int.fetchOne(database, sql: SQL.count, arguments: [$0.description]) ?? 0
                }
            }
            var draft = CreatorsDraft(
                question,
                period: period,
                periods: periods,
                count: count,
                asOf: try Self.applied(database)
            )
            switch question.span {
            case .days(let from, let to):
                try Self.list(question, from, to, into: &draft, database)
                try Self.addDays(from, to, question.rowsMax, to: &draft, database)
            case .period:
                guard let period else { break }
                try Self.list(question, period, into: &draft, database)
                try Self.addDays(period.days.from, period.days.to, question.rowsMax, to: &draft, database)
            }
            return try draft.finished()
        }
    }

    private static func list(
        _ question: CreatorsQuestion,
        _ period: UsagePeriod,
        into draft: inout CreatorsDraft,
        _ database: Database
    ) throws {
        var arguments: StatementArguments = [
            "period": period.description, "creator": question.after?.creator ?? "", "search": question.lowered,
            "limit": question.limit + 1,
        ]
        if question.order == .amount {
            arguments += ["amount": question.after?.amount?.text ?? CreatorsCursor.greatest]
        }
        let rows = try Row.fetchCursor(
            database,
            sql: question.order == .amount ? SQL.byAmount : SQL.byID,
            arguments: arguments
        )
        while let row = try rows.next() {
            draft.add(
                row[0],
                try StoredRows.payout(period.description, uses: row[1], amount: row[2], status: row[3])
            )
        }
    }

    private static func list(
        _ question: CreatorsQuestion,
        _ from: UsageDay,
        _ to: UsageDay,
        into draft: inout CreatorsDraft,
        _ database: Database
    ) throws {
        let ids = try String.fetchAll(
            database,
            sql: SQL.withDays,
            arguments: [
                "creator": question.after?.creator ?? "", "search": question.lowered, "from": from.description,
                "to": to.description, "limit": question.limit + 1,
            ]
        )
        for id in ids { draft.add(id) }
    }

    private static func addDays(
        _ from: UsageDay,
        _ to: UsageDay,
        _ rowsMax: Int,
        to draft: inout CreatorsDraft,
        _ database: Database
    ) throws {
        let statement = try database.cachedStatement(sql: SQL.days)
        for creator in draft.creators {
            let rows = try Row.fetchCursor(
                statement,
                arguments: [creator, from.description, to.description, rowsMax + 1]
            )
            while let row = try rows.next() {
                let day = try StoredRows.day(row[0], contentType: row[1], uses: row[2], amount: row[3])
                try draft.add(day, of: creator)
            }
        }
    }
}
