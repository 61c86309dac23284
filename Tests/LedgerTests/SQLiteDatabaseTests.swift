import Foundation
import GRDB
import Testing
import VitrineTesting

@testable import Ledger

@Suite("The service database in SQLite")
struct SQLiteDatabaseTests {
    @Test("keeps the promise", arguments: ServiceDatabaseConformance.behaviours)
    func conforms(_ behaviour: ServiceDatabaseConformance) async throws {
        try await behaviour.check(try .sqlite())
    }

    @Test("waits for the disk at each commit, with a write-ahead log")
    func durable() async throws {
        let harness = try DatabaseHarness.sqlite()
        let opened = try await harness.location.open()
        let database = try #require(opened as? SQLiteServiceDatabase)
        let (synchronous, journal) = try await database.write { connection in
            (
                try Int.fetchOne(connection, sql: "PRAGMA synchronous"),
                try String.fetchOne(connection, sql: "PRAGMA journal_mode")
            )
        }
        await database.close()
        // 2 is FULL.
        #expect(synchronous == 2)
        #expect(journal == "wal")
    }

    @Test("is readable for its owner only")
    func mode() async throws {
        let harness = try DatabaseHarness.sqlite()
        try await harness.withDatabase { _ in
            for name in try FileManager.default.contentsOfDirectory(atPath: harness.folder.path(of: "data")) {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: harness.folder.path(of: "data/" + name)
                )
                let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
                #expect(mode == 0o600, "\(name)")
            }
        }
    }

    @Test("of a newer program is refused, and left as it is")
    func newer() async throws {
        let harness = try DatabaseHarness.sqlite()
        try await harness.withDatabase { _ in }
        try await harness.execute("PRAGMA user_version = 99")
        await #expect(throws: LedgerError.self) { try await harness.withDatabase { _ in } }
        #expect(try await harness.numbers("PRAGMA user_version") == [[99]])
    }

    @Test("that is no database, or cannot be there, is said to be neither")
    func unusable() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array("this is a text and not a database at all".utf8), to: "text")
        for path in [file, file + "/below"] {
            let error = await #expect(throws: LedgerError.self) {
                let database = try await ServiceDatabaseLocation.sqlite(path: path).open()
                try await database.migrate()
            }
            #expect(error.map { "\($0)".contains("service database") } == true)
        }
    }
}
