import HTTPTypes
import JSON
import ObjectStorage
import Publication
import Testing
import VitrineTesting

@Suite("The admin interface")
struct AdminTests {
    private struct Answer {
        var status: Int
        var json: JSONValue
        var answer: SettingsAdminAnswer
    }

    private func ask(
        _ fixture: PublisherFixture,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ query: String = "",
        _ body: String = ""
    ) async throws -> Answer {
        let admin = SettingsAdmin(publisher: fixture.publisher)
        let answer = try #require(
            await admin.answer(
                method: method,
                path: "/admin/settings" + path,
                query: query,
                body: Array(body.utf8),
                author: "page"
            )
        )
        return Answer(status: answer.status.code, json: try JSONParser().value(from: answer.body), answer: answer)
    }

    private let one = #"{"features":{"a":{"defaultValue":1}}}"#
    private let two = #"{"features":{"a":{"defaultValue":2.0},"b":{"defaultValue":"odd"}}}"#

    @Test("publish, look, roll back: the whole way", arguments: Place.allCases)
    func wholeWay(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        #expect(try await ask(fixture, .get, "").json == ["apps": []])
        let first = try await ask(fixture, .post, "/shop", "comment=gr%C3%BC%C3%9Fe&author=ada", one)
        #expect(first.status == 201)
        #expect(first.json["number"]?.double == 1)
        #expect(first.json["entry"]?["author"]?.string == "ada")
        #expect(first.json["entry"]?["comment"]?.string == "gr\u{fc}\u{df}e")
        #expect(first.json["clientKey"]?.string?.text.hasPrefix("vc_") == true)
        #expect(first.json["serverKey"]?.string?.text.hasPrefix("vs_") == true)
        let second = try await ask(fixture, .put, "/shop", "expect=1", two)
        #expect(second.json["clientKey"] == nil)
        #expect(second.json["entry"]?["author"]?.string == "page")
        #expect(second.json["warnings"]?.array?.count == 1)
        #expect(second.json["diff"]?["changed"]?.array?.first?["newDefault"]?.string == "2.0")

        let state = try await ask(fixture, .get, "/shop")
        #expect(state.json["latest"]?["number"]?.double == 2)
        #expect(state.json["publishes"]?.array?.map { $0["number"]?.double } == [2, 1])
        #expect(state.json["keys"]?.array?.count == 2)
        #expect(state.json["keys"]?.array?.first?["isValid"]?.bool == true)
        let log = try await ask(fixture, .get, "/shop/log", "limit=1")
        #expect(log.json["entries"]?.array?.count == 1 && log.json["next"]?.double == 2)
        let older = try await ask(fixture, .get, "/shop/log", "limit=1&before=2")
        #expect(older.json["entries"]?.array?.first?["number"]?.double == 1 && older.json["next"] == nil)
        let entry = try await ask(fixture, .get, "/shop/log/2")
        #expect(entry.json["diff"]?["added"]?.array?.first?["name"]?.string == "b")
        #expect(try await ask(fixture, .get, "/shop/source").answer.body == Array(two.utf8))
        #expect(try await ask(fixture, .get, "/shop/source/1").answer.body == Array(one.utf8))

        let back = try await ask(fixture, .post, "/shop/rollback", "to=1")
        #expect(back.status == 201 && back.json["entry"]?["rollbackOf"]?.double == 1)
        let diff = try await ask(fixture, .get, "/shop/diff", "from=1&to=3")
        #expect(diff.json["diff"]?["changed"] == [])
        let fresh = try await ask(fixture, .post, "/shop/keys/rotate", "kind=client&grace=60")
        #expect(fresh.status == 201 && fresh.json["key"]?.string?.text.hasPrefix("vc_") == true)
        #expect(try await ask(fixture, .get, "/shop/keys").json["keys"]?.array?.count == 3)
        let sweep = try await ask(fixture, .post, "/sweep", "grace=0&keep=1&dry-run")
        // In a folder the records have the time of the machine, which is later than the test's.
        #expect((sweep.json["swept"]?.double ?? 0) + (sweep.json["young"]?.double ?? 0) == 3)
        #expect(sweep.json["dryRun"]?.bool == true && sweep.json["records"]?.double == 6)
        let apps = try await ask(fixture, .get, "")
        #expect(apps.json["apps"]?.array?.map { $0["app"]?.string } == ["shop"])
    }

    @Test("an invalid file is 422 and names feature and rule; a stale expectation is 409 and names what is in force")
    func problems() async throws {
        let fixture = try await PublisherFixture()
        let invalid = try await ask(fixture, .post, "/shop", "", "nonsense")
        #expect(invalid.status == 422)
        #expect(invalid.answer.mediaType == "application/problem+json")
        #expect(invalid.json["type"]?.string == "https://vitrine.invalid/problems/settings-invalid")
        let issue = try #require(invalid.json["issues"]?.array?.last)
        #expect(issue["feature"]?.string == "checkout" && issue["rule"]?.double == 2)
        #expect(invalid.json["detail"]?.string?.text.contains("feature \"checkout\", rule 3, weights") == true)
        #expect(try await ask(fixture, .get, "").json == ["apps": []])
        _ = try await ask(fixture, .post, "/shop", "", one)
        let conflict = try await ask(fixture, .post, "/shop", "expect=0", two)
        #expect(conflict.status == 409)
        #expect(conflict.json["latest"]?["number"]?.double == 1)
        #expect(try await ask(fixture, .get, "/shop").json["latest"]?["number"]?.double == 1)
    }

    @Test(
        "wrong requests are told what is wrong",
        arguments: [
            ("POST", "/Shop", "", 400, "bad-request"), ("POST", "/sweep", "grace=x", 400, "bad-request"),
            ("POST", "/shop", "dryrun=1", 400, "bad-request"), ("POST", "/shop", "expect=-1", 400, "bad-request"),
            ("POST", "/shop", "comment=%zz", 400, "bad-request"), ("POST", "/shop", "comment=%ff", 400, "bad-request"),
            ("POST", "/shop", "expect=1&expect=2", 400, "bad-request"),
            ("POST", "/shop", "author=", 400, "bad-request"),
            ("POST", "/shop/keys/rotate", "kind=both", 400, "bad-request"), ("GET", "/sweep", "", 405, "method"),
            ("DELETE", "/shop", "", 405, "method"), ("POST", "/shop/log", "", 405, "method"),
            ("GET", "/none", "", 404, "settings-unknown-app"), ("GET", "/none/log", "", 404, "settings-unknown-app"),
            ("GET", "/none/keys", "", 404, "settings-unknown-app"),
            ("POST", "/none/rollback", "", 404, "settings-unknown-app"),
            ("GET", "/none/source", "", 404, "settings-unknown-app"),
            ("GET", "/shop/log/9", "", 404, "settings-unknown-number"),
            ("GET", "/shop/source/9", "", 404, "settings-unknown-number"),
            ("GET", "/shop/log/x", "", 400, "bad-request"),
            ("POST", "/shop/rollback", "to=9", 404, "settings-unknown-number"),
        ]
    )
    func wrong(_ method: String, _ path: String, _ query: String, _ status: Int, _ slug: String) async throws {
        let fixture = try await PublisherFixture()
        try await fixture.publish(1)
        let answer = try await ask(fixture, try #require(HTTPRequest.Method(method)), path, query, one)
        #expect(answer.status == status)
        #expect(answer.json["type"]?.string?.text == "https://vitrine.invalid/problems/" + slug)
        #expect((answer.answer.allow != nil) == (status == 405))
        #expect(try await fixture.publisher.archive.latestNumber(of: fixture.app) == 1)
    }

    @Test(
        "paths that are not of this interface are left to others",
        arguments: ["/admin/purge", "/admin/settingsx", "/", "/admin/settings/shop/evaluate"]
    )
    func others(_ path: String) async throws {
        let admin = SettingsAdmin(publisher: try await PublisherFixture().publisher)
        #expect(await admin.answer(method: .get, path: path, query: "", body: [], author: "a")?.status == nil)
    }
}
