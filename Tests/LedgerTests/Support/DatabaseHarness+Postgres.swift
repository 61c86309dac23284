import FoundationEssentials
import VitrineTesting

@testable import Ledger

extension DatabaseHarness {
    /// A new database on the server, for the time of `body`.
    static func withPostgres(
        _ url: String = PostgresServer.url,
        _ body: (DatabaseHarness) async throws -> Void
    ) async throws {
        let name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let server = PostgresPool(try PostgresAddress(url), settings: PostgresSettings())
        try await run("CREATE DATABASE \(name)", on: server)
        let harness = try postgres(url, name)
        do {
            try await body(harness)
        } catch {
            // What the test found is the error that counts; the server is a throw-away one.
            try? await run("DROP DATABASE \(name) WITH (FORCE)", on: server)
            await server.close()
            throw error
        }
        try await run("DROP DATABASE \(name) WITH (FORCE)", on: server)
        await server.close()
    }

    private static func postgres(_ url: String, _ name: String) throws -> DatabaseHarness {
        guard let cut = url.lastIndex(of: "/") else { throw ConformanceFailure("not a URL") }
        let address = try PostgresAddress(url[...cut] + name)
        let execute: @Sendable (String) async throws -> Void = { sql in
            let pool = PostgresPool(address, settings: PostgresSettings())
            do { try await run(sql, on: pool) } catch {
                await pool.close()
                throw error
            }
            await pool.close()
        }
        return DatabaseHarness(
            location: .postgres(address),
            url: url[...cut] + name,
            prefix: "vitrine.",
            execute: execute,
            numbers: { sql in
                let pool = PostgresPool(address, settings: PostgresSettings())
                let rows = try await pool.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
                    let result = try connection.run(PostgresStatement(name: "numbers", sql: sql), by: deadline)
                    return (0..<result.rows).map { row in
                        (0..<result.columns).map { result.number(row, $0) }
                    }
                }
                await pool.close()
                return rows
            },
            logRemovals: {
                try await execute(
                    """
                    CREATE TABLE removals (export bigint, position bigint);
                    CREATE FUNCTION note_removal() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN INSERT INTO removals VALUES (OLD.export, OLD.position); RETURN OLD; END $$;
                    CREATE TRIGGER removal AFTER DELETE ON vitrine.queue
                        FOR EACH ROW EXECUTE FUNCTION note_removal()
                    """
                )
            },
            folder: try TemporaryFolder()
        )
    }

    private static func run(_ sql: String, on pool: PostgresPool) async throws {
        try await pool.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
            try connection.run(sql, by: deadline)
        }
    }
}
