import DeliveryTypes

extension PostgresServiceDatabase {
    private enum Statements {
        static let lockExports = PostgresStatement(
            name: "lock_exports",
            sql: "SELECT pg_try_advisory_xact_lock($1::bigint)"
        )
        static let knownExport = PostgresStatement(
            name: "known_export",
            sql: "SELECT manifest_sha256 FROM vitrine.exports WHERE number = $1::bigint"
        )
        static let lastExport = PostgresStatement(
            name: "last_export",
            sql: "SELECT coalesce(max(number), 0)::bigint FROM vitrine.exports"
        )
        static let store = PostgresStatement(
            name: "store_batch",
            sql: """
                INSERT INTO vitrine.queue (export, position, relation, rows, lines)
                VALUES ($1::bigint, $2::bigint, $3::text, $4::bigint, $5::bytea)
                """
        )
        static let record = PostgresStatement(
            name: "record_export",
            sql: """
                INSERT INTO vitrine.exports (number, run, manifest_sha256, rows, batches)
                VALUES ($1::bigint, $2::bigint, $3::bytea, $4::bigint, $5::bigint)
                """
        )
        static let claim = PostgresStatement(
            name: "claim",
            sql: """
                SELECT export, position, relation, lines FROM vitrine.queue
                ORDER BY export, position LIMIT 1 FOR UPDATE SKIP LOCKED
                """
        )
        static let remove = PostgresStatement(
            name: "remove_batch",
            sql: "DELETE FROM vitrine.queue WHERE export = $1::bigint AND position = $2::bigint"
        )
        static let upsertDaily = PostgresStatement(
            name: "upsert_daily",
            sql: """
                INSERT INTO vitrine.creator_daily AS kept
                    (creator_id, day, content_type, uses, amount, export, deleted)
                SELECT creator_id, day, content_type, uses, amount, $1::bigint, deleted
                FROM unnest($2::text[], $3::date[], $4::text[], $5::bigint[], $6::numeric[], $7::boolean[])
                    AS given (creator_id, day, content_type, uses, amount, deleted)
                ON CONFLICT (creator_id, day, content_type) DO UPDATE SET
                    uses = excluded.uses, amount = excluded.amount, export = excluded.export,
                    deleted = excluded.deleted
                WHERE kept.export < excluded.export
                """
        )
        static let upsertPayouts = PostgresStatement(
            name: "upsert_payouts",
            sql: """
                INSERT INTO vitrine.payouts AS kept (creator_id, period, uses, amount, status, export, deleted)
                SELECT creator_id, period, uses, amount, status, $1::bigint, deleted
                FROM unnest($2::text[], $3::text[], $4::bigint[], $5::numeric[], $6::text[], $7::boolean[])
                    AS given (creator_id, period, uses, amount, status, deleted)
                ON CONFLICT (creator_id, period) DO UPDATE SET
                    uses = excluded.uses, amount = excluded.amount, status = excluded.status,
                    export = excluded.export, deleted = excluded.deleted
                WHERE kept.export < excluded.export
                """
        )
    }

    /// Held while an export is taken in.
    private static let exportsLock: Int64 = 0x7669_7472_696e_6502

    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome {
        let (stage, limit) = (stage, settings.enqueueDeadline)
        return try await pool.run(within: limit) { connection, deadline throws(LedgerError) in
            try connection.run("BEGIN ISOLATION LEVEL READ COMMITTED", by: deadline)
            let lock = try connection.run(Statements.lockExports, [.number(Self.exportsLock)], by: deadline)
            guard lock.flag(0, 0) else { throw .crowded }
            let known = try connection.run(Statements.knownExport, [.number(export.number)], by: deadline)
            if known.rows > 0 {
                guard known.bytes(0, 0) == export.digest.bytes else { throw .replaced(number: export.number) }
                return .known
            }
            let last = try connection.run(Statements.lastExport, by: deadline).number(0, 0)
            guard let needed = export.needed(after: last) else {
                throw .gap(expected: last + 1, found: export.number)
            }
            let outcome = try Self.store(needed, batchRows, on: connection, each: limit, stage)
            try connection.run("COMMIT", by: connection.deadline(in: limit))
            stage?(.enqueueCommitted)
            return outcome
        }
    }

    private static func store(
        _ export: UsageExport,
        _ batchRows: Int,
        on connection: PostgresConnection,
        each limit: Duration,
        _ stage: (@Sendable (LedgerStage) -> Void)?
    ) throws(LedgerError) -> EnqueueOutcome {
        stage?(.enqueueBegan)
        var reader = ExportReader(export, batchRows: batchRows)
        var rows = 0
        var batches = 0
        while let batch = try reader.next() {
            let values: [PostgresParameter] = [
                .number(export.number), .number(Int64(batch.position)), .text(batch.table.rawValue),
                .number(Int64(batch.rows)), .binary(batch.lines),
            ]
            try connection.run(Statements.store, values, by: connection.deadline(in: limit))
            rows += batch.rows
            batches += 1
            stage?(.batchStored)
        }
        let values: [PostgresParameter] = [
            .number(export.number), .number(export.run), .binary(export.digest.bytes), .number(Int64(rows)),
            .number(Int64(batches)),
        ]
        try connection.run(Statements.record, values, by: connection.deadline(in: limit))
        stage?(.exportRecorded)
        return .enqueued(rows: rows, batches: batches)
    }

    func unload() async throws(LedgerError) -> UnloadedBatch? {
        let stage = stage
        return try await pool.run(within: settings.unloadDeadline) { connection, deadline throws(LedgerError) in
            try connection.run("BEGIN ISOLATION LEVEL READ COMMITTED", by: deadline)
            let claimed = try connection.run(Statements.claim, by: deadline)
            guard claimed.rows > 0 else { return nil }
            let (export, position) = (claimed.number(0, 0), claimed.number(0, 1))
            stage?(.claimed)
            let rows = try QueuedLines(
                export: export,
                position: Int(position),
                relation: claimed.text(0, 2),
                lines: claimed.bytes(0, 3)
            ).rows()
            let written = try Self.apply(rows, of: export, on: connection, by: deadline)
            stage?(.applied)
            let removed = try connection.run(Statements.remove, [.number(export), .number(position)], by: deadline)
            guard removed.rowsChanged == 1 else {
                throw .rejected(DatabaseFault(message: "a batch that was locked is gone"))
            }
            stage?(.removed)
            try connection.run("COMMIT", by: deadline)
            stage?(.unloadCommitted)
            return UnloadedBatch(
                export: export,
                position: Int(position),
                rows: rows.count,
                rowsWritten: written
            )
        }
    }

    /// Writes rows where nothing newer stands; how many were written.
    private static func apply(
        _ rows: BatchRows,
        of export: Int64,
        on connection: PostgresConnection,
        by deadline: ContinuousClock.Instant
    ) throws(LedgerError) -> Int {
        var columns = (0..<6).map { _ in PostgresArray(capacity: rows.count * 16) }
        let statement: PostgresStatement
        switch rows {
        case .daily(let rows):
            statement = Statements.upsertDaily
            for row in rows {
                columns[0].append(row.creator)
                columns[1].append(plain: row.day.description)
                columns[2].append(row.contentType)
                columns[3].append(plain: String(row.uses))
                columns[4].append(plain: row.amount.text)
                columns[5].append(plain: row.isDeleted ? "t" : "f")
            }
        case .payouts(let rows):
            statement = Statements.upsertPayouts
            for row in rows {
                columns[0].append(row.creator)
                columns[1].append(plain: row.period.description)
                columns[2].append(plain: String(row.uses))
                columns[3].append(plain: row.amount.text)
                columns[4].append(row.status)
                columns[5].append(plain: row.isDeleted ? "t" : "f")
            }
        }
        let values = [.number(export)] + columns.map { $0.parameter() }
        return try connection.run(statement, values, by: deadline).rowsChanged
    }
}
