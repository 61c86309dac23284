import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import Synchronization
import Testing
import VitrineTesting

@testable import Ledger

@Suite("Questions about a creator's usage")
struct UsageRoutesTests {
    /// Noon of 2026-03-02 in UTC.
    private static let now: Int64 = 1_772_452_800_000

    /// Runs `body` with routes over a database with two creators.
    private func withRoutes(
        limits: UsageLimits = UsageLimits(),
        _ body: (UsageRoutes, MoodyDatabase) async throws -> Void
    ) async throws {
        let harness = try DatabaseHarness.sqlite()
        var model = UsageModel()
        try model.write(
            to: harness.writer,
            daily: ["2026-01-30", "2026-02-01", "2026-03-02"].map {
                DailyState(day: $0, creator: "ann/é \"1\"", contentType: "a \"b\"", uses: .max, amount: "0.10")
            } + [DailyState(day: "2020-01-01", creator: "old", contentType: "t", uses: 1, amount: "1")],
            payouts: [
                PayoutState(period: "2026-02", creator: "ann/é \"1\"", uses: 5, amount: "-1.25", status: "closed")
            ]
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
        _ path: String,
        method: HTTPRequest.Method = .get,
        token: String? = "good"
    ) async throws -> (status: Int, fields: HTTPFields, value: JSONValue) {
        var request = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        request.headerFields[.authorization] = token.map { "Bearer \($0)" }
        let found = await routes.answer(request, nowMilliseconds: now)
        let answer = try #require(found)
        let value = try JSONParser().value(from: Array(answer.body.readableBytesView))
        return (answer.head.status.code, answer.head.headerFields, value)
    }

    private static let ann = "/v1/usage/creators/ann%2F%C3%A9%20%221%22"

    @Test("are answered with days, payouts and the export they are of")
    func found() async throws {
        try await withRoutes { routes, _ in
            let (status, fields, value) = try await Self.ask(routes, Self.ann + "?from=2026-01-30&to=2026-02-01")
            #expect(status == 200)
            #expect(fields[.contentType] == "application/json" && fields[.cacheControl] == "private, no-cache")
            #expect(
                value.authoredText
                    == #"{"creator":"ann/é \"1\"","days":["#
                    + #"{"day":"2026-01-30","contentType":"a \"b\"","uses":9223372036854775807,"amount":"0.10"},"#
                    + #"{"day":"2026-02-01","contentType":"a \"b\"","uses":9223372036854775807,"amount":"0.10"}],"#
                    + #""payouts":[{"period":"2026-02","uses":5,"amount":"-1.25","status":"closed"}],"asOf":1}"#
            )
        }
    }

    @Test("without days are about the last ones")
    func byDefault() async throws {
        try await withRoutes { routes, _ in
            let days = try await Self.ask(routes, Self.ann).value["days"]?.array?.map { $0["day"]?.string }
            #expect(days == ["2026-02-01", "2026-03-02"])
            let before = try await Self.ask(routes, Self.ann + "?to=2026-02-28").value["days"]?.array
            #expect(before?.map { $0["day"]?.string } == ["2026-01-30", "2026-02-01"])
            let old = try await Self.ask(routes, "/v1/usage/creators/old")
            #expect(old.status == 200 && old.value["days"]?.array?.isEmpty == true)
        }
    }

    @Test("need a token, whatever they ask")
    func token() async throws {
        try await withRoutes { routes, database in
            let before = database.calls.load(ordering: .relaxed)
            for path in [Self.ann, "/v1/usage/creators/nobody", Self.ann + "?from=x"] {
                let (status, fields, _) = try await Self.ask(routes, path, token: nil)
                #expect(status == 401 && fields[.wwwAuthenticate] != nil)
                #expect(try await Self.ask(routes, path, token: "bad").status == 401)
            }
            #expect(database.calls.load(ordering: .relaxed) == before)
        }
    }

    @Test("about nobody are not found")
    func unknown() async throws {
        try await withRoutes { routes, _ in
            for path in ["nobody", "ann", "ann%2Fe%CC%81%20%221%22"] {
                let (status, _, value) = try await Self.ask(routes, "/v1/usage/creators/\(path)")
                #expect(status == 404)
                #expect(value["type"]?.string?.text.hasSuffix("/usage-unknown-creator") == true)
            }
            for path in ["/v1/usage/creators/", "/v1/usage/creators/a/b", "/v1/usage/creators/?from=2026-01-01"] {
                #expect(try await Self.ask(routes, path).status == 404)
            }
            var request = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/v1/usage/other")
            #expect(await routes.answer(request, nowMilliseconds: 0) == nil)
            request.path = nil
            #expect(await routes.answer(request, nowMilliseconds: 0) == nil)
        }
    }

    @Test(
        "that are malformed are refused, with what is wrong",
        arguments: [
            "?from=2026-02-30", "?from=", "?from", "?to=20260101", "?from=2026-02-02&to=2026-02-01", "?form=2026-01-01",
            "?from=2026-01-01&from=2026-01-01", "?from=2025-01-01&to=2026-01-02", "?from=%zz", "?%ff=1", "%ff", "%2",
            "?limit=1", String(repeating: "a", count: 257),
        ]
    )
    func malformed(_ rest: String) async throws {
        try await withRoutes { routes, database in
            let before = database.calls.load(ordering: .relaxed)
            let (status, _, value) = try await Self.ask(routes, "/v1/usage/creators/c" + rest)
            #expect(status == 400)
            #expect(value["type"]?.string?.text.hasSuffix("/bad-request") == true)
            #expect(value["detail"]?.string?.isEmpty == false)
            #expect(database.calls.load(ordering: .relaxed) == before)
        }
    }

    @Test("of a whole leap year fit")
    func year() async throws {
        try await withRoutes { routes, _ in
            let fitting = try await Self.ask(routes, Self.ann + "?from=2024-01-01&to=2024-12-31").status
            let tooLong = try await Self.ask(routes, Self.ann + "?from=2024-01-01&to=2025-01-01").status
            #expect(fitting == 200 && tooLong == 400)
        }
    }

    @Test("that change nothing are the only ones")
    func method() async throws {
        try await withRoutes { routes, _ in
            #expect(try await Self.ask(routes, Self.ann, method: .head).status == 200)
            for method in [HTTPRequest.Method.post, .put, .delete, .options] {
                let (status, fields, _) = try await Self.ask(routes, Self.ann, method: method)
                #expect(status == 405 && fields[.allow] == "GET, HEAD")
            }
        }
    }

    @Test("are told to come again while the database is away, and not why")
    func away() async throws {
        try await withRoutes { routes, database in
            database.isAway.store(true, ordering: .relaxed)
            let (status, fields, value) = try await Self.ask(routes, Self.ann)
            #expect(status == 503 && fields[.retryAfter] == "5")
            #expect(value["type"]?.string?.text.hasSuffix("/usage-unavailable") == true)
            #expect(value.authoredText.contains("away") == false)
        }
    }

    @Test("with more rows than an answer has are refused")
    func rows() async throws {
        var limits = UsageLimits()
        limits.rows = 2
        try await withRoutes(limits: limits) { routes, _ in
            let fitting = try await Self.ask(routes, Self.ann + "?from=2026-02-01").status
            let tooLong = try await Self.ask(routes, Self.ann + "?from=2026-01-30").status
            #expect(fitting == 200 && tooLong == 400)
        }
    }

    @Test("beyond as many as are answered at a time are told to come again")
    func crowded() async throws {
        var limits = UsageLimits()
        limits.questions = 1
        try await withRoutes(limits: limits) { routes, database in
            let gate = GatedDatabase(database)
            let gated = UsageRoutes(database: gate, limits: limits) { _ in nil }
            async let first = Self.ask(gated, Self.ann)
            await gate.entered()
            let (status, fields, _) = try await Self.ask(gated, Self.ann)
            #expect(status == 503 && fields[.retryAfter] == "1")
            gate.open()
            #expect(try await first.status == 200)
            #expect(try await Self.ask(gated, Self.ann).status == 200)
        }
    }
}
