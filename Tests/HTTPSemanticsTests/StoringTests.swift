import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Storing (RFC 9111 section 3)")
struct StoringTests {
    private func storability(
        _ lines: [(String, String)],
        code: Int = 200,
        request: HTTPRequest = Sample.request()
    ) -> Storability {
        Sample.policy(lines, code: code, request: request).storability
    }

    private let fresh = [("Cache-Control", "max-age=100000")]

    @Test(
        "any final status with explicit freshness is stored, unknown ones too",
        arguments: [200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599]
    )
    func statuses(code: Int) {
        #expect(storability(fresh, code: code) == .store)
        #expect(Sample.policy(fresh, code: code).isFresh(at: Sample.now + 1_000))
    }

    @Test(
        "interim answers and those to one request's range or conditions are not stored",
        arguments: [100, 103, 304, 412, 416, 999]
    )
    func otherStatuses(code: Int) {
        #expect(storability(fresh, code: code) == .no(.status))
    }

    @Test("only answers to GET are stored", arguments: [HTTPRequest.Method.post, .put, .head, .delete])
    func methods(method: HTTPRequest.Method) {
        #expect(storability(fresh, request: Sample.request(method)) == .no(.method))
    }

    @Test("no-store and private prohibit, whatever else is said (sections 5.2.2.5 and 5.2.2.7)")
    func prohibitions() {
        #expect(
            storability([("Cache-Control", "max-age=10000, no-store"), ("Expires", Sample.text(9))])
                == .no(.responseNoStore)
        )
        #expect(storability([("Cache-Control", "No-StOrE")]) == .no(.responseNoStore))
        #expect(storability([("Cache-Control", "private, max-age=3600")]) == .no(.isPrivate))
        #expect(storability([("Cache-Control", "private=\"a\", max-age=3600")]) == .store)
    }

    @Test("a request's no-store is obeyed unless the operator says otherwise (section 5.2.1.5)")
    func requestNoStore() {
        let request = Sample.request(.get, [("Cache-Control", "no-store")])
        #expect(storability(fresh, request: request) == .no(.requestNoStore))
        var settings = CachingSettings()
        settings.honoursRequestDirectives = false
        #expect(Sample.stored(200, fresh, request: request, settings: settings).policy.storability == .store)
    }

    @Test("must-understand lifts no-store for known statuses and prohibits unknown ones (section 5.2.2.3)")
    func mustUnderstand() {
        let lines = [("Cache-Control", "max-age=3600, no-store, must-understand")]
        #expect(storability(lines) == .store)
        #expect(storability(lines, code: 599) == .no(.notUnderstood))
        #expect(storability([("Cache-Control", "max-age=3600, must-understand")], code: 299) == .no(.notUnderstood))
    }

    @Test("answers to authorised requests are stored only if they allow sharing (section 3.5)")
    func authorization() {
        let request = Sample.request(.get, [("Authorization", "FOO")])
        #expect(storability([("Expires", Sample.text(9_000))], request: request) == .no(.authorization))
        #expect(storability(fresh, request: request) == .no(.authorization))
        for text in ["max-age=3600, public", "max-age=3600, must-revalidate", "s-maxage=3600"] {
            #expect(storability([("Cache-Control", text)], request: request) == .store, "\(text)")
        }
    }

    @Test("without explicit freshness only what can be validated is stored, to be validated each time")
    func validatable() {
        #expect(storability([]) == .no(.useless))
        #expect(storability([("ETag", "\"a\"")]) == .store)
        #expect(storability([("Last-Modified", Sample.text(-9))]) == .store)
        #expect(storability([("ETag", "\"a\"")], code: 201) == .no(.useless), "201 needs explicit freshness")
        #expect(storability([("ETag", "\"a\""), ("Cache-Control", "public")], code: 201) == .store)
        #expect(storability([("ETag", "\"a\"")], code: 404) == .no(.useless), "a 404 cannot be validated")
        #expect(storability([("Cache-Control", "no-cache")]) == .no(.useless))
        #expect(storability([("Cache-Control", "no-cache"), ("ETag", "\"a\"")]) == .store)
        #expect(storability([("Cache-Control", "max-age=0")]) == .no(.useless))
        #expect(storability([("Cache-Control", "max-age=0, stale-if-error=60")]) == .store)
    }

    @Test("a response that varies by anything is not stored (section 4.1)")
    func varyAny() {
        #expect(storability(fresh + [("Vary", "*")]) == .no(.varyAny))
    }

    @Test("a 206 is stored if it is one range of known length that was asked for (section 3.3)")
    func partial() {
        let request = Sample.request(.get, [("Range", "bytes=4-9")])
        func refused(_ lines: [(String, String)], _ request: HTTPRequest) -> Storability {
            storability(fresh + lines, code: 206, request: request)
        }
        #expect(refused([("Content-Range", "bytes 4-9/10"), ("Content-Length", "6")], request) == .store)
        #expect(refused([("Content-Range", "bytes 4-9/10")], request) == .store)
        #expect(refused([("Content-Range", "bytes 4-10/10")], request) == .no(.partial))
        #expect(refused([("Content-Range", "bytes 4-9/*")], request) == .no(.partial))
        #expect(refused([("Content-Type", "multipart/byteranges; boundary=x")], request) == .no(.partial))
        #expect(refused([("Content-Range", "bytes 4-9/10")], Sample.request()) == .no(.partial))
    }

    @Test("another 206 is stored for the same Range if it tells its length, and has nothing taken out (section 3.3)")
    func replayedPartial() throws {
        let request = Sample.request(.get, [("Range", "bytes=-5")])
        for lines in [
            [("Content-Range", "bytes 4-9/10"), ("Content-Length", "5")],
            [("Content-Range", "bytes 4-9/*"), ("Content-Length", "6")],
            [("Content-Type", "multipart/byteranges; boundary=x"), ("Content-Length", "99")],
        ] {
            let stored = Sample.stored(206, fresh + lines, request: request)
            #expect(stored.policy.storability == .store, "\(lines)")
            #expect(stored.partial == nil && stored.ownRange == "bytes=-5", "\(lines)")
            func plan(_ asked: [(String, String)]) -> RangePlan {
                RangePlan(request: Sample.request(.get, asked), stored: stored, bodyLength: 5)
            }
            #expect(plan([("Range", "bytes=-5")]) == .whole)
            #expect(plan([("Range", "bytes=6-8")]) == .notCovered)
            #expect(plan([]) == .notCovered)
            #expect(plan([("Range", "bytes=-5"), ("If-Range", "\"a\"")]) == .notCovered)
            let head = RangePlan.whole.response(from: stored, bodyLength: 5, ageSeconds: 0, boundary: "B")
            #expect(head?.status == .partialContent)
            #expect(head?.headerFields[.contentRange] == stored.head.fields[.contentRange])
            let bytes = try #require(stored.encoded())
            #expect(try StoredResponse(decoding: bytes[...]) == stored)
        }
    }

    @Test("a part that was validated stays a part")
    func validatedPart() throws {
        let request = Sample.request(.get, [("Range", "bytes=4-9")])
        let lines = [("Content-Range", "bytes 4-9/10"), ("ETag", "\"a\"")]
        let stored = Sample.stored(206, fresh + lines, request: request)
        let asked = ConditionalFetch.validating(Sample.request(.get, [("Range", "bytes=5-6")]), stored: stored)
        #expect(asked.headerFields[.range] == "bytes=4-9")
        let updated = try #require(
            stored.freshened(
                by: Sample.response(304, []),
                request: Sample.request(.get, [("Range", "bytes=5-6")]),
                requestMilliseconds: Sample.now,
                responseMilliseconds: Sample.now
            )
        )
        #expect(updated.policy.storability == .store)
        #expect(updated.partial == stored.partial)
    }

    @Test("cookies, in requests and responses, do not prohibit explicit freshness")
    func cookies() {
        #expect(storability(fresh + [("Set-Cookie", "a=b")]) == .store)
        #expect(storability(fresh, request: Sample.request(.get, [("Cookie", "a=b")])) == .store)
    }

    @Test("hop-by-hop fields, those Connection names and restricted ones are not stored (section 3.1)")
    func omittedFields() {
        let head = Sample.stored(
            200,
            [
                ("Connection", "a, Keep-Alive, content-type"), ("a", "1"), ("Keep-Alive", "timeout=5"), ("b", "2"),
                ("Transfer-Encoding", "chunked"), ("Upgrade", "x"), ("TE", "x"), ("Proxy-Authenticate", "Basic"),
                ("Proxy-Authentication-Info", "x"), ("Proxy-Authorization", "x"), ("Proxy-Connection", "close"),
                ("Cache-Control", "no-cache=\"c\", max-age=9"), ("c", "3"), ("Content-Type", "text/plain"),
                ("Set-Cookie", "x=1"), ("Set-Cookie", "y=2"), ("Content-Range", "odd"), ("Age", "5"),
            ]
        ).head
        #expect(
            head.fields.map(\.name.rawName) == [
                "b", "Cache-Control", "Content-Type", "Set-Cookie", "Set-Cookie", "Content-Range", "Date",
            ]
        )
    }

    @Test("a missing Date is added, a given one left alone (RFC 9110 section 6.6.1)")
    func date() {
        let added = StoredHead(Sample.response(), responseMilliseconds: Sample.now + 999)
        #expect(added.fields[.date] == Sample.date)
        let kept = StoredHead(Sample.response(200, [("Date", "foo")]), responseMilliseconds: Sample.now)
        #expect(kept.fields[.date] == "foo")
    }
}
