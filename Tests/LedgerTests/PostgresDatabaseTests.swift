import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing
import VitrineTesting

@testable import Ledger

@Suite(
    "The service database in PostgreSQL",
    .enabled(if: PostgresServer.isThere, Comment(rawValue: PostgresServer.hint))
)
struct PostgresDatabaseTests {
    @Test("keeps the promise", arguments: ServiceDatabaseConformance.behaviours)
    func conforms(_ behaviour: ServiceDatabaseConformance) async throws {
        try await DatabaseHarness.withPostgres { try await behaviour.check($0) }
    }

    @Test("of a newer program is refused, and left as it is")
    func newer() async throws {
        try await DatabaseHarness.withPostgres { harness in
            try await harness.withDatabase { _ in }
            try await harness.execute("INSERT INTO vitrine.ledger_version VALUES (99)")
            await #expect(throws: LedgerError.self) { try await harness.withDatabase { _ in } }
        }
    }

    @Test("an unloader passes by what others are at, and may be faster than they are")
    func skipping() async throws {
        try await DatabaseHarness.withPostgres { harness in
            var model = UsageModel()
            let row = { (uses: Int64) in
                DailyState(day: "2026-01-01", creator: "c\"1", contentType: "t", uses: uses, amount: "1")
            }
            for uses in Int64(1)...2 { try model.write(to: harness.writer, daily: [row(uses)]) }
            let frozen = model
            let claims = Atomic(0)
            let (arrivals, arrival) = AsyncStream<Void>.makeStream()
            let gate = DispatchSemaphore(value: 0)
            // The first that claims a batch is held there.
            try await harness.withDatabase(stage: { stage in
                guard stage == .claimed, claims.wrappingAdd(1, ordering: .relaxed).oldValue == 0 else { return }
                arrival.yield()
                gate.wait()
            }) { database in
                for number in Int64(1)...2 { _ = try await database.enqueue(try harness.export(number), batchRows: 5) }
                async let older = database.unload()
                for await _ in arrivals { break }
                let newer = try await database.unload()
                #expect(newer?.export == 2 && newer?.rowsWritten == 1)
                #expect(try await database.unload() == nil, "the other one is taken")
                #expect(try await database.backlog().applied == 0)
                gate.signal()
                let late = try await older
                #expect(late?.export == 1 && late?.rowsWritten == 0, "it must not overwrite what is newer")
                try await harness.compare(database, with: frozen)
            }
        }
    }

    @Test("a statement that is late is cancelled, and the connection serves the next one")
    func deadline() async throws {
        let pool = PostgresPool(try PostgresAddress(PostgresServer.url), settings: Self.oneConnection)
        let first = try await Self.backend(pool)
        let error = await #expect(throws: LedgerError.self) {
            try await pool.run(within: .milliseconds(300)) { connection, deadline throws(LedgerError) in
                try connection.run("SELECT pg_sleep(3600)", by: deadline)
            }
        }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await Self.backend(pool) == first)
        await pool.close()
    }

    @Test("a connection that the server ended is made anew")
    func reconnect() async throws {
        let pool = PostgresPool(try PostgresAddress(PostgresServer.url), settings: Self.oneConnection)
        let other = PostgresPool(try PostgresAddress(PostgresServer.url), settings: Self.oneConnection)
        let first = try await Self.backend(pool)
        try await other.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
            try connection.run("SELECT pg_terminate_backend(\(first), 30000)", by: deadline)
        }
        let second = try await Self.backend(pool)
        #expect(second != first)
        await pool.close()
        await other.close()
    }

    @Test("a transaction that was left open is rolled back before the next one begins")
    func leftOpen() async throws {
        let pool = PostgresPool(try PostgresAddress(PostgresServer.url), settings: Self.oneConnection)
        await #expect(throws: LedgerError.self) {
            try await pool.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
                try connection.run("BEGIN; CREATE TEMPORARY TABLE left_open (x integer)", by: deadline)
                try connection.run("SELECT 1/0", by: deadline)
            }
        }
        let there = try await pool.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
            let query = PostgresStatement(name: "there", sql: "SELECT to_regclass('left_open') IS NOT NULL")
            return try connection.run(query, by: deadline).flag(0, 0)
        }
        #expect(!there)
        await pool.close()
    }

    @Test("work beyond what may wait is refused at once")
    func crowded() async throws {
        var settings = Self.oneConnection
        settings.waitingMax = 2
        let pool = PostgresPool(try PostgresAddress(PostgresServer.url), settings: settings)
        let gate = DispatchSemaphore(value: 0)
        let (arrivals, arrival) = AsyncStream<Void>.makeStream()
        async let first: Void = pool.run(within: .seconds(60)) { _, _ throws(LedgerError) in
            arrival.yield()
            gate.wait()
        }
        for await _ in arrivals { break }
        // Of two more, one waits behind the first, and the other is refused while it does.
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do throws(LedgerError) {
                        try await pool.run(within: .seconds(60)) { _, _ throws(LedgerError) in }
                        return false
                    } catch {
                        if case .crowded = error { return true }
                        return false
                    }
                }
            }
            let isFirstRefused = await group.next()
            gate.signal()
            return [isFirstRefused, await group.next()]
        }
        try await first
        #expect(refused == [true, false])
        await pool.close()
    }

    @Test("a server that says nothing holds nobody longer than the deadline")
    func silent() async throws {
        // Takes connections and never answers.
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        var settings = Self.oneConnection
        settings.connectDeadline = .milliseconds(200)
        let address = try PostgresAddress("postgres://ann:s3cr3t@127.0.0.1:\(port)/x?sslmode=disable")
        let database = PostgresServiceDatabase(address, settings: settings)
        let error = await #expect(throws: LedgerError.self) { _ = try await database.backlog() }
        guard case .unavailable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await database.close()
        try await channel.close()
    }

    @Test("what the server says of a wrong password or database does not tell the password")
    func secrets() async throws {
        let good = PostgresServer.url
        let cut = try #require(good.lastIndex(of: "@"))
        for url in ["postgres://vitrine:s3cr3t" + good[cut...], good + "_nowhere", "postgres://a:s3cr3t@127.0.0.1:1/x"]
        {
            let database = try await ServiceDatabaseLocation(url).open()
            let error = await #expect(throws: LedgerError.self) { try await database.migrate() }
            let text = error.map { "\($0) \(String(reflecting: $0))" } ?? ""
            #expect(text.contains("127.0.0.1"))
            #expect(!text.contains("s3cr3t"))
            let password = try #require(good.split(separator: ":").dropFirst(2).first?.split(separator: "@").first)
            #expect(!text.contains(password))
            await database.close()
        }
    }

    private static var oneConnection: PostgresSettings {
        var settings = PostgresSettings()
        settings.connections = 1
        settings.connectDeadline = .seconds(30)
        return settings
    }

    private static func backend(_ pool: PostgresPool) async throws -> Int64 {
        try await pool.run(within: .seconds(60)) { connection, deadline throws(LedgerError) in
            try connection.run(PostgresStatement(name: "backend", sql: "SELECT pg_backend_pid()"), by: deadline)
                .number(0, 0)
        }
    }
}
