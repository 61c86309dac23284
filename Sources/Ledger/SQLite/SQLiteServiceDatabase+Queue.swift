import DeliveryTypes
import GRDB

extension SQLiteServiceDatabase {
    func enqueue(_ export: UsageExport, batchRows: Int) async throws(LedgerError) -> EnqueueOutcome {
        let stage = stage
        return try await write { database in
            var outcome = EnqueueOutcome.known
            try database.inTransaction(.immediate) {
                if let known = try Row.fetchOne(
                    database,
                    sql: "SELECT manifest_sha256 FROM exports WHERE number = ?",
                    arguments: [export.number]
                ) {
                    let digest: [UInt8] = known.dataBytes(0)
                    guard digest == export.digest.bytes else { throw LedgerError.replaced(number: export.number) }
                    return .rollback
                }
                let last = try Int64.fetchOne(database, sql: "SELECT max(number) FROM exports") ?? 0
                guard let needed = export.needed(after: last) else {
                    throw LedgerError.gap(expected: last + 1, found: export.number)
                }
                outcome = try Self.store(needed, batchRows, in: database, stage)
                return .commit
            }
            if case .enqueued = outcome { stage?(.enqueueCommitted) }
            return outcome
        }
    }

    private static func store(
        _ export: UsageExport,
        _ batchRows: Int,
        in database: Database,
        _ stage: (@Sendable (LedgerStage) -> Void)?
    ) throws -> EnqueueOutcome {
        stage?(.enqueueBegan)
        var reader = ExportReader(export, batchRows: batchRows)
        let insert = try database.cachedStatement(
            sql: "INSERT INTO queue (export, position, relation, rows, lines) VALUES (?, ?, ?, ?, ?)"
        )
        var rows = 0
        var batches = 0
        while let batch = try reader.next() {
            try insert.execute(arguments: [
                export.number, batch.position, batch.table.rawValue, batch.rows, batch.lines.databaseBlob,
            ])
            rows += batch.rows
            batches += 1
            stage?(.batchStored)
        }
        try database.execute(
            sql: "INSERT INTO exports (number, run, manifest_sha256, rows, batches) VALUES (?, ?, ?, ?, ?)",
            arguments: [export.number, export.run, export.digest.bytes.databaseBlob, rows, batches]
        )
        stage?(.exportRecorded)
        return .enqueued(rows: rows, batches: batches)
    }

    func unload() async throws(LedgerError) -> UnloadedBatch? {
        let stage = stage
        return try await write { database in
            // Most looks find nothing, and need no lock.
            guard try Int64.fetchOne(database, sql: "SELECT 1 FROM queue LIMIT 1") != nil else { return nil }
            var unloaded: UnloadedBatch?
            try database.inTransaction(.immediate) {
                guard
                    let row = try Row.fetchOne(
                        database.cachedStatement(
                            sql: """
                                SELECT export, position, relation, lines FROM queue
                                ORDER BY export, position LIMIT 1
                                """
                        )
                    )
                else { return .rollback }
                let (export, position): (Int64, Int) = (row[0], row[1])
                stage?(.claimed)
                let rows = try QueuedLines(
                    export: export,
                    position: position,
                    relation: row[2],
                    lines: row.dataBytes(3)
                ).rows()
                let written = try Self.apply(rows, of: export, to: database)
                stage?(.applied)
                try database.cachedStatement(sql: "DELETE FROM queue WHERE export = ? AND position = ?")
                    .execute(arguments: [export, position])
                stage?(.removed)
                unloaded = UnloadedBatch(
                    export: export,
                    position: position,
                    rows: rows.count,
                    rowsWritten: written
                )
                return .commit
            }
            if unloaded != nil { stage?(.unloadCommitted) }
            return unloaded
        }
    }

    /// Writes rows where nothing newer stands; how many were written.
    private static func apply(_ rows: BatchRows, of export: Int64, to database: Database) throws -> Int {
        var written = 0
        switch rows {
        case .daily(let rows):
            let upsert = try database.cachedStatement(
                sql: """
                    INSERT INTO creator_daily (creator_id, day, content_type, uses, amount, export, deleted)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (creator_id, day, content_type) DO UPDATE SET
                        uses = excluded.uses, amount = excluded.amount, export = excluded.export,
                        deleted = excluded.deleted
                    WHERE creator_daily.export < excluded.export
                    """
            )
            for row in rows {
                upsert.setUncheckedArguments([
                    row.creator, row.day.description, row.contentType, row.uses, row.amount.text, export,
                    row.isDeleted,
                ])
                try upsert.execute()
                written += database.changesCount
            }
        case .payouts(let rows):
            let upsert = try database.cachedStatement(
                sql: """
                    INSERT INTO payouts (creator_id, period, uses, amount, status, export, deleted)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (creator_id, period) DO UPDATE SET
                        uses = excluded.uses, amount = excluded.amount, status = excluded.status,
                        export = excluded.export, deleted = excluded.deleted
                    WHERE payouts.export < excluded.export
                    """
            )
            for row in rows {
                upsert.setUncheckedArguments([
                    row.creator, row.period.description, row.uses, row.amount.text, row.status, export, row.isDeleted,
                ])
                try upsert.execute()
                written += database.changesCount
            }
        }
        return written
    }
}
