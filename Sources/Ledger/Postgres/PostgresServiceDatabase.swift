import DeliveryTypes

/// The service database in PostgreSQL (tried with 15), for any number of machines.
///
/// An unloader's batch is a row that it locks with `FOR UPDATE SKIP LOCKED`, so others take the next ones; if the
/// unloader dies the server lets go of the lock. Rows are written in the order of their keys, so two transactions never
/// wait for each other in a circle.
final class PostgresServiceDatabase: ServiceDatabase {
    let pool: PostgresPool
    let settings: PostgresSettings
    let stage: (@Sendable (LedgerStage) -> Void)?

    init(
        _ address: PostgresAddress,
        settings: PostgresSettings,
        stage: (@Sendable (LedgerStage) -> Void)? = nil
    ) {
        self.settings = settings
        self.stage = stage
        pool = PostgresPool(address, settings: settings)
    }

    func migrate() async throws(LedgerError) -> Int {
        try await pool.run(within: settings.migrateDeadline) { connection, deadline throws(LedgerError) in
            try PostgresSchema.migrate(connection, by: deadline)
        }
    }

    func close() async { await pool.close() }
}
