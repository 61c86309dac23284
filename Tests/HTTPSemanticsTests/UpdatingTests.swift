import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Updating stored responses (RFC 9111 sections 3.2, 4.3.4 and 4.3.5)")
struct UpdatingTests {
    private let stored = Sample.stored(
        200,
        [
            ("Cache-Control", "max-age=2"), ("ETag", "\"v1\""), ("Last-Modified", Sample.text(-9_000)), ("Test", "A"),
            ("Content-Length", "36"), ("Content-Encoding", "br"), ("Age", "1"), ("X-Two", "1"), ("X-Two", "2"),
        ]
    )

    private let later = Sample.now + 10_000

    private func freshened(_ lines: [(String, String)]) -> StoredResponse? {
        stored.freshened(
            by: Sample.response(304, lines),
            request: Sample.request(),
            requestMilliseconds: later,
            responseMilliseconds: later
        )
    }

    @Test("fields of a 304 replace the stored ones, fields it doesn't have stay")
    func replaces() throws {
        let fields = [("Test", "B"), ("X-Two", "3"), ("Content-Foo", "new"), ("Date", Sample.text(10))]
        let head = try #require(freshened(fields)).head
        #expect(head.status == .ok)
        #expect(head.fields[values: .init("Test") ?? .age] == ["B"])
        #expect(head.fields[values: .init("X-Two") ?? .age] == ["3"])
        #expect(head.fields[values: .init("Content-Foo") ?? .age] == ["new"])
        #expect(head.fields[.eTag] == "\"v1\"")
        #expect(head.fields[.date] == Sample.text(10))
        #expect(!head.fields.contains(.age))
    }

    @Test("what describes the stored bytes is not replaced, nor are connection fields taken over")
    func keeps() throws {
        let head = try #require(
            freshened([
                ("Content-Length", "10"), ("Content-Encoding", "gzip"), ("Content-Range", "bytes 0-1/2"),
                ("Connection", "close, x"), ("x", "1"), ("Content-Type", "text/plain"),
            ])
        ).head
        #expect(head.fields[.contentLength] == "36")
        #expect(head.fields[.contentEncoding] == "br")
        #expect(head.fields[.contentRange] == nil)
        #expect(head.fields[.connection] == nil)
        #expect(head.fields[.init("x") ?? .age] == nil)
        #expect(head.fields[.contentType] == "text/plain")
    }

    @Test("freshness starts anew: with the old lifetime or a new one, without the old age")
    func freshness() throws {
        #expect(stored.policy.isFresh(at: Sample.now + 500))
        #expect(!stored.policy.isFresh(at: later))
        let same = try #require(freshened([]))
        #expect(same.policy.freshUntilMilliseconds == later + 2_000)
        #expect(same.head.fields[.date] == Sample.text(10), "a missing Date is the arrival")
        let longer = try #require(
            freshened([("Cache-Control", "max-age=3600"), ("Date", Sample.text(10)), ("Age", "600")])
        )
        #expect(longer.policy.freshUntilMilliseconds == later + 3_000_000)
        let forbidden = try #require(freshened([("Cache-Control", "no-store")]))
        #expect(forbidden.policy.storability == .no(.responseNoStore))
    }

    @Test("a 304 with another validator is about another response (section 4.3.4)")
    func otherValidator() {
        #expect(freshened([("ETag", "\"v2\"")]) == nil)
        #expect(freshened([("ETag", "W/\"v2\"")]) == nil)
        #expect(freshened([("ETag", "\"v1\"")]) != nil)
        #expect(freshened([("ETag", "W/\"v1\"")]) != nil)
        let byDate = Sample.stored(200, [("Last-Modified", Sample.text(-9))]).head
        #expect(byDate.isConfirmed(by: Sample.response(304, [("Last-Modified", Sample.text(-9))])))
        #expect(!byDate.isConfirmed(by: Sample.response(304, [("Last-Modified", Sample.text(-8))])))
        let weak = Sample.stored(200, [("ETag", "W/\"a\"")]).head
        #expect(!weak.isConfirmed(by: Sample.response(304, [("ETag", "\"a\"")])))
    }

    @Test("restrictions of an update hold for stored fields too")
    func restricted() throws {
        let head = try #require(freshened([("Cache-Control", "max-age=9, private=\"Test\"")])).head
        #expect(head.fields[.init("Test") ?? .age] == nil)
    }

    private func headUpdate(_ lines: [(String, String)], code: Int = 200) -> HeadUpdate {
        stored.update(
            byHead: Sample.response(code, lines),
            request: Sample.request(.head),
            requestMilliseconds: later,
            responseMilliseconds: later
        )
    }

    @Test("the answer to a HEAD updates fields and freshness of an unchanged response (section 4.3.5)")
    func head() throws {
        guard
            case .update(let updated) = headUpdate([
                ("Cache-Control", "max-age=1000"), ("Test", "B"), ("Content-Length", "36"),
            ])
        else {
            Issue.record("no update")
            return
        }
        #expect(updated.policy.freshUntilMilliseconds == later + 1_000_000)
        #expect(updated.policy.storability == .store)
        #expect(updated.head.fields[.init("Test") ?? .age] == "B")
        #expect(updated.head.fields[.eTag] == "\"v1\"")
    }

    @Test("the answer to a HEAD shows that a response has changed (section 4.3.5)")
    func headInvalidates() {
        #expect(headUpdate([("ETag", "\"v2\"")]) == .invalidate)
        #expect(headUpdate([("Content-Length", "37")]) == .invalidate)
        #expect(headUpdate([("Last-Modified", Sample.text(-8_999))]) == .invalidate)
        #expect(headUpdate([], code: 410) == .none)
    }
}
