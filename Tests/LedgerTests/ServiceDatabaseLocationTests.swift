import Testing

@testable import Ledger

@Suite("Where the service database is")
struct ServiceDatabaseLocationTests {
    @Test("a file is named by its path")
    func file() throws {
        let location = try ServiceDatabaseLocation("sqlite:/var/lib/vitrine/service.sqlite")
        #expect(location == .sqlite(path: "/var/lib/vitrine/service.sqlite"))
        #expect(location.description == "sqlite:/var/lib/vitrine/service.sqlite")
    }

    @Test(
        "a password is in no text that is made of the location",
        arguments: [
            "postgres://ann:s3cr3t@db.example:5433/ledger?sslmode=require",
            "postgresql://ann:s%33cr3t@db.example:5433/ledger",
            "postgres://ann@db.example:5433/ledger?password=s3cr3t",
            "postgres://db.example:5433/ledger?user=ann&password=s3cr3t&sslpassword=s3cr3t",
        ]
    )
    func secret(_ url: String) throws {
        let location = try ServiceDatabaseLocation(url)
        var dumped = ""
        dump(location, to: &dumped)
        for text in [
            "\(location)", String(reflecting: location), dumped, "\([location])", "\(Optional(location) as Any)",
        ] {
            #expect(!text.contains("s3cr3t") && !text.contains("s%33cr3t"), "\(text)")
        }
        #expect(location.description == "postgres://ann:***@db.example:5433/ledger")
        guard case .postgres(let address) = location else { return }
        #expect(address.masked("of ann: s3cr3t s3cr3t.") == "of ann: *** ***.")
        #expect(!address.masked("at \(url)").contains("cr3t"))
    }

    @Test(
        "what names no database is refused, and not repeated",
        arguments: [
            "", "sqlite:", "sqlite::memory:", "mysql://ann:s3cr3t@db/x", "/a/path",
            "postgres://ann:s3cr3t@db/x?nonsense=s3cr3t", "postgres://ann:s3cr3t%zz@db/x",
        ]
    )
    func refused(_ text: String) throws {
        let error = #expect(throws: LedgerError.self) { try ServiceDatabaseLocation(text) }
        let found = try #require(error)
        guard case .badLocation = found else {
            Issue.record("\(found)")
            return
        }
        #expect(!"\(found)".contains("s3cr3t"))
    }
}
