import GRDB

/// The tables in SQLite, version by version; `user_version` says which version a file has.
enum SQLiteSchema {
    /// One element takes the schema one version further; what was once released never changes.
    static let versions = [
        """
        CREATE TABLE exports (
            number INTEGER PRIMARY KEY,
            run INTEGER NOT NULL,
            manifest_sha256 BLOB NOT NULL,
            rows INTEGER NOT NULL,
            batches INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE queue (
            export INTEGER NOT NULL,
            position INTEGER NOT NULL,
            relation TEXT NOT NULL,
            rows INTEGER NOT NULL,
            lines BLOB NOT NULL,
            UNIQUE (export, position)
        ) STRICT;
        CREATE TABLE creator_daily (
            creator_id TEXT NOT NULL,
            day TEXT NOT NULL,
            content_type TEXT NOT NULL,
            uses INTEGER NOT NULL,
            amount TEXT NOT NULL,
            export INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            PRIMARY KEY (creator_id, day, content_type)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE payouts (
            creator_id TEXT NOT NULL,
            period TEXT NOT NULL,
            uses INTEGER NOT NULL,
            amount TEXT NOT NULL,
            status TEXT NOT NULL,
            export INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            PRIMARY KEY (creator_id, period)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        CREATE INDEX payouts_by_amount ON payouts (period, CAST(amount AS REAL) DESC, creator_id) WHERE deleted = 0;
        """,
    ]

    /// Brings the schema to the newest version, in one transaction.
    static func migrate(_ database: Database) throws -> Int {
        var version = 0
        try database.inTransaction(.immediate) {
            version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version <= versions.count else {
                throw LedgerError.rejected(
                    DatabaseFault(message: "its schema has version \(version), this program knows \(versions.count)")
                )
            }
            for change in versions[version...] { try database.execute(sql: change) }
            version = versions.count
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
        return version
    }
}
