/// The tables in PostgreSQL, in the schema `vitrine`, version by version.
///
/// Texts are compared by their bytes, whatever the database's language.
enum PostgresSchema {
    /// Held while the schema is looked at and changed; any number that nothing else uses.
    static let lock: Int64 = 0x7669_7472_696e_6501

    static let beginning = """
        CREATE SCHEMA IF NOT EXISTS vitrine;
        CREATE TABLE IF NOT EXISTS vitrine.ledger_version (version integer PRIMARY KEY)
        """

    /// One element takes the schema one version further; what was once released never changes.
    static let versions = [
        """
        CREATE TABLE vitrine.exports (
            number bigint PRIMARY KEY,
            run bigint NOT NULL,
            manifest_sha256 bytea NOT NULL,
            rows bigint NOT NULL,
            batches bigint NOT NULL
        );
        CREATE TABLE vitrine.queue (
            export bigint NOT NULL,
            position bigint NOT NULL,
            relation text COLLATE "C" NOT NULL,
            rows bigint NOT NULL,
            lines bytea NOT NULL,
            PRIMARY KEY (export, position)
        );
        ALTER TABLE vitrine.queue ALTER COLUMN lines SET STORAGE EXTERNAL;
        CREATE TABLE vitrine.creator_daily (
            creator_id text COLLATE "C" NOT NULL,
            day date NOT NULL,
            content_type text COLLATE "C" NOT NULL,
            uses bigint NOT NULL,
            amount numeric NOT NULL,
            export bigint NOT NULL,
            deleted boolean NOT NULL,
            PRIMARY KEY (creator_id, day, content_type)
        ) WITH (fillfactor = 85);
        CREATE TABLE vitrine.payouts (
            creator_id text COLLATE "C" NOT NULL,
            period text COLLATE "C" NOT NULL,
            uses bigint NOT NULL,
            amount numeric NOT NULL,
            status text NOT NULL,
            export bigint NOT NULL,
            deleted boolean NOT NULL,
            PRIMARY KEY (creator_id, period)
        ) WITH (fillfactor = 85)
        """,
        """
        CREATE INDEX payouts_by_amount ON vitrine.payouts (period, amount DESC, creator_id) WHERE NOT deleted
        """,
    ]

    private static let takeLock = PostgresStatement(
        name: "schema_lock",
        sql: "SELECT pg_advisory_xact_lock($1::bigint)"
    )
    private static let encoding = PostgresStatement(
        name: "schema_encoding",
        sql: "SELECT current_setting('server_encoding')"
    )
    private static let found = PostgresStatement(
        name: "schema_version",
        sql: "SELECT coalesce(max(version), 0)::bigint FROM vitrine.ledger_version"
    )
    private static let hasSchema = PostgresStatement(
        name: "schema_there",
        sql: "SELECT to_regclass('vitrine.ledger_version') IS NOT NULL"
    )

    /// Brings the schema to the newest version, in one transaction.
    static func migrate(
        _ connection: PostgresConnection,
        by deadline: ContinuousClock.Instant
    ) throws(LedgerError) -> Int {
        try connection.run("BEGIN", by: deadline)
        try connection.run(takeLock, [.number(lock)], by: deadline)
        let encoding = try connection.run(encoding, by: deadline).text(0, 0)
        guard encoding == "UTF8" else {
            throw .rejected(DatabaseFault(message: "its encoding is \(encoding), and UTF8 is needed"))
        }
        // A role that may not make schemas can still use one that is there.
        let isThere = try connection.run(hasSchema, by: deadline).flag(0, 0)
        if !isThere { try connection.run(beginning, by: deadline) }
        let version = Int(try connection.run(found, by: deadline).number(0, 0))
        guard version <= versions.count else {
            throw .rejected(
                DatabaseFault(message: "its schema has version \(version), this program knows \(versions.count)")
            )
        }
        for (index, change) in versions.enumerated().dropFirst(version) {
            try connection.run(change, by: deadline)
            try connection.run("INSERT INTO vitrine.ledger_version VALUES (\(index + 1))", by: deadline)
        }
        try connection.run("COMMIT", by: deadline)
        return versions.count
    }
}
