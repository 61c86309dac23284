/// Where the service database is: `sqlite:PATH` or `postgres://user:password@host:port/name?option=value`.
///
/// The password is never part of a text that is made of it, also not of a dump.
package enum ServiceDatabaseLocation: Hashable, Sendable {
    /// The file's path; it is made if need be.
    case sqlite(path: String)
    case postgres(PostgresAddress)

    /// - Throws: `badLocation`.
    package init(_ text: String) throws(LedgerError) {
        if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst("sqlite:".count))
            guard !path.isEmpty, path != ":memory:", !path.utf8.contains(0) else {
                throw .badLocation(reason: "sqlite: needs the path of a file")
            }
            self = .sqlite(path: path)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .postgres(try PostgresAddress(text))
        } else {
            throw .badLocation(reason: "it begins with neither sqlite: nor postgres://")
        }
    }

    /// Opens the database: SQLite's file at once, PostgreSQL's connections when they are first needed.
    ///
    /// - Parameters:
    ///   - connections: PostgreSQL's at most; for SQLite, readers beside the one writer.
    ///   - stage: Is told of each step of the queue on the database's own thread; for tests that end the process there.
    /// - Returns: The database, to be closed by the caller.
    /// - Throws: `unavailable` or `rejected` where SQLite's file cannot be opened.
    package func open(
        connections: Int = 4,
        stage: (@Sendable (LedgerStage) -> Void)? = nil
    ) async throws(LedgerError) -> any ServiceDatabase {
        switch self {
        case .sqlite(let path):
            return try await SQLiteServiceDatabase.open(path: path, readers: connections, stage: stage)
        case .postgres(let address):
            var settings = PostgresSettings()
            settings.connections = connections
            return PostgresServiceDatabase(address, settings: settings, stage: stage)
        }
    }
}

extension ServiceDatabaseLocation: CustomStringConvertible {
    /// The location with `***` in the place of a password.
    package var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): address.description
        }
    }
}
