import GRDB
import Ledger
import VitrineTesting

extension DatabaseHarness {
    static func sqlite() throws -> DatabaseHarness {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "data/service.sqlite")
        let execute: @Sendable (String) async throws -> Void = { sql in
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
        }
        return DatabaseHarness(
            location: .sqlite(path: path),
            url: "sqlite:" + path,
            prefix: "",
            execute: execute,
            numbers: { sql in
                let queue = try DatabaseQueue(path: path)
                let rows = try await queue.read { database in
                    try Row.fetchAll(database, sql: sql).map { row in
                        (0..<row.count).map { index -> Int64 in row[index] }
                    }
                }
                try queue.close()
                return rows
            },
            logRemovals: {
                try await execute(
                    """
                    CREATE TABLE removals (export INTEGER, position INTEGER);
                    CREATE TRIGGER removal AFTER DELETE ON queue BEGIN
                        INSERT INTO removals VALUES (OLD.export, OLD.position);
                    END
                    """
                )
            },
            folder: folder
        )
    }
}
