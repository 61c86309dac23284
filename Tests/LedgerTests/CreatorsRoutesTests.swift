import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import Synchronization
import Testing
import VitrineTesting

@testable import Ledger

@Suite("The list of creators")
struct CreatorsRoutesTests {
    /// Noon of 2026-03-02 in UTC.
    private static let now: Int64 = 1_772_452_800_000

    private func withRoutes(
        limits: UsageLimits = UsageLimits(),
        _ body: (UsageRoutes, MoodyDatabase) async throws -> Void
    ) async throws {
        let harness = try DatabaseHarness.sqlite()
        var model = UsageModel()
        try model.write(
            to: harness.writer,
            daily: ["2026-02-27", "2026-03-01"].map {
                DailyState(day: $0, creator: "a\"b", contentType: "t", uses: 3, amount: "0.10")
            },
            payouts: [("a\"b", "1.25"), ("c:d", "7")].map {
                PayoutState(period: "2026-02", creator: $0.0, uses: 3, amount: $0.1, status: "open")
            }
        )
        try await harness.withDatabase { database in
            try await harness.drain(database)
            let moody = MoodyDatabase(database)
            let routes = UsageRoutes(database: moody, limits: limits) { request in
                request.headerFields[.authorization] == "Bearer good"
                    ? nil : ProblemDocument("token-required", status: .unauthorized, title: "Token", detail: "Send it.")
            }
            try await body(routes, moody)
        }
    }

    private static func ask(
        _ routes: UsageRoutes,
        _ query: String,
        method: HTTPRequest.Method = .get,
        token: String? = "good"
    ) async throws -> (status: Int, value: JSONValue) {
        let path = "/v1/usage/creators" + query
        var request = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        request.headerFields[.authorization] = token.map { "Bearer \($0)" }
        let found = await routes.answer(request, nowMilliseconds: now)
        let answer = try #require(found)
        return (answer.head.status.code, try JSONParser().value(from: Array(answer.body.readableBytesView)))
    }

    @Test("is of the newest month with payouts, by amount")
    func newest() async throws {
        try await withRoutes { routes, _ in
            let (status, value) = try await Self.ask(routes, "")
            #expect(status == 200)
            #expect(
                value.authoredText
                    == #"{"period":"2026-02","from":"2026-02-01","to":"2026-02-28","periods":["2026-02"],"count":2,"#
                    + #""creators":[{"creator":"c:d","uses":3,"amount":"7","status":"open","days":[]},"#
                    + #"{"creator":"a\"b","uses":3,"amount":"1.25","status":"open","#
                    + #""days":[{"day":"2026-02-27","uses":3,"amount":"0.10"}]}],"next":null,"asOf":1}"#
            )
        }
    }

    @Test("is of the last days where the question says so, by id")
    func days() async throws {
        try await withRoutes { routes, _ in
            let (status, value) = try await Self.ask(routes, "?from=2026-02-01&search=A%22&limit=7")
            #expect(status == 200)
            #expect(
                value.authoredText
                    == #"{"period":null,"from":"2026-02-01","to":"2026-03-02","periods":["2026-02"],"count":null,"#
                    + #""creators":[{"creator":"a\"b","uses":6,"amount":"0.2","status":null,"#
                    + #""days":[{"day":"2026-02-27","uses":3,"amount":"0.10"},"#
                    + #"{"day":"2026-03-01","uses":3,"amount":"0.10"}]}],"next":null,"asOf":1}"#
            )
        }
    }

    @Test("goes on where the page before ended, whatever is in the id")
    func pages() async throws {
        try await withRoutes { routes, _ in
            for (sort, after) in [("amount", "7:c:d"), ("id", ":a\"b")] {
                let first = try await Self.ask(routes, "?limit=1&sort=\(sort)").value
                #expect(first["next"]?.string?.text == after)
                let encoded = after == "7:c:d" ? "7%3Ac:d" : "%3Aa%22b"
                let second = try await Self.ask(routes, "?limit=1&sort=\(sort)&after=\(encoded)").value
                #expect(second["creators"]?.array?.count == 1)
                let creators = [first, second].map { $0["creators"]?.array?.first?["creator"]?.string }
                #expect(creators[0] != creators[1])
                #expect(second["next"]?.string == nil)
            }
        }
    }

    @Test(
        "refuses what makes no sense, and says what",
        arguments: [
            "?period=2026", "?period=2026-13", "?period=", "?limit=0", "?limit=201", "?limit=x", "?limit=-1",
            "?sort=uses", "?sort=", "?after=ann", "?after=:", "?after=x:ann", "?after=:ann",
            "?sort=id&after=1:ann", "?from=2026-02-30", "?from=2026-02-02&to=2026-02-01",
            "?from=2024-01-01&to=2026-01-01", "?period=2026-02&from=2026-02-01", "?from=2026-02-01&sort=amount",
            "?search=%zz", "?search=%ff", "?search=%00", "?search=a&search=b", "?other=1",
            "?search=" + String(repeating: "a", count: 257),
        ]
    )
    func malformed(_ query: String) async throws {
        try await withRoutes { routes, database in
            let before = database.calls.load(ordering: .relaxed)
            let (status, value) = try await Self.ask(routes, query)
            #expect(status == 400)
            #expect(value["type"]?.string?.text.hasSuffix("/bad-request") == true)
            #expect(value["detail"]?.string?.isEmpty == false)
            #expect(database.calls.load(ordering: .relaxed) == before)
        }
    }

    @Test("needs a token, is only read, and says when the database is away")
    func refused() async throws {
        try await withRoutes { routes, database in
            let withoutToken = try await Self.ask(routes, "", token: nil).status
            #expect(withoutToken == 401)
            #expect(try await Self.ask(routes, "", method: .post).status == 405)
            #expect(try await Self.ask(routes, "", method: .head).status == 200)
            database.isAway.store(true, ordering: .relaxed)
            #expect(try await Self.ask(routes, "").status == 503)
        }
    }

    @Test("is no other path")
    func others() async throws {
        try await withRoutes { routes, _ in
            for path in ["/v1/usage/creatorsx", "/v1/usage/creator", "/v1/usage"] {
                let request = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path)
                #expect(await routes.answer(request, nowMilliseconds: 0) == nil)
            }
        }
    }

    @Test("adds up exactly, to the last of 38 digits")
    func sums() throws {
        let cases = [
            (["0.1", "0.2"], "0.3"), (["-1", "0.000000001"], "-0.999999999"), ([], "0"), (["5", "-5"], "0"),
            (["99999999999999999999999999998.999999999", "1"], "99999999999999999999999999999.999999999"),
            (["12.500000000"], "12.5"),
        ]
        for (amounts, expected) in cases {
            var sum = ExactSum()
            for text in amounts {
                let fits = sum.add(try #require(ExactAmount(text)))
                #expect(fits)
            }
            #expect(sum.amount.text == expected)
        }
        var sum = ExactSum()
        let isFull = sum.add(try #require(ExactAmount("99999999999999999999999999999")))
        let fits = sum.add(try #require(ExactAmount("1")))
        #expect(isFull && !fits)
        #expect(sum.amount.text == "99999999999999999999999999999")
    }

    @Test("knows the last day of each month")
    func months() throws {
        for (month, last) in [("2024-02", "29"), ("2026-02", "28"), ("2026-12", "31"), ("2026-04", "30")] {
            let days = try #require(UsagePeriod(month)).days
            #expect(days.from.description == "\(month)-01" && days.to.description == "\(month)-\(last)")
        }
    }
}
