import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Conditional requests (RFC 9110 section 13, RFC 9111 section 4.3)")
struct ConditionTests {
    @Test("entity tags compare weakly for If-None-Match and strongly for If-Match (section 8.8.3.2)")
    func tags() {
        let strong = EntityTag("a,b")
        #expect(strong.fieldValue == "\"a,b\"")
        #expect(strong.isListed(inIfNoneMatch: "W/\"x\", W/\"a,b\""))
        #expect(!strong.isListed(inIfMatch: "W/\"a,b\""))
        #expect(strong.isListed(inIfMatch: "\"q\",\"a,b\""))
        #expect(strong.isListed(inIfNoneMatch: " * "))
        #expect(!strong.isListed(inIfNoneMatch: "a,b"))
        #expect(!strong.isListed(inIfNoneMatch: "\"a,b"))
        #expect(strong.isListed(inIfNoneMatch: "garbage, \"a,b\""))
        #expect(!EntityTag("w", isWeak: true).isListed(inIfMatch: "\"w\""))
        #expect(EntityTag(quoted: "W/\"w\"") == EntityTag("w", isWeak: true))
    }

    @Test("tags whose bytes are no UTF-8 match nothing, for two of them may look alike")
    func undecodableTags() {
        let head = HTTPFields([HTTPField(name: .eTag, value: [0x22, 0xFC, 0x22] as [UInt8])])
        let asked = HTTPFields([HTTPField(name: .ifNoneMatch, value: [0x22, 0xFD, 0x22] as [UInt8])])
        #expect(ConditionalRequest(fields: asked, stored: StoredHead(status: .ok, fields: head)) == .proceed)
        let known = HTTPFields([HTTPField(name: .eTag, value: "\"ü\"")])
        #expect(
            ConditionalRequest(fields: [.ifNoneMatch: "\"ü\""], stored: StoredHead(status: .ok, fields: known))
                == .notModified
        )
    }

    @Test("preconditions are evaluated in the order of section 13.2.2")
    func order() {
        func outcome(_ fields: HTTPFields, tag: EntityTag? = EntityTag("v1")) -> ConditionalRequest {
            ConditionalRequest(fields: fields, tag: tag, modified: 784_111_777)
        }
        let same = "Sun, 06 Nov 1994 08:49:37 GMT"
        let before = "Sun, 06 Nov 1994 08:49:36 GMT"
        #expect(outcome([:]) == .proceed)
        #expect(outcome([.ifNoneMatch: "\"v1\""]) == .notModified)
        #expect(outcome([.ifMatch: "\"v2\"", .ifNoneMatch: "\"v1\""]) == .preconditionFailed)
        #expect(outcome([.ifMatch: "\"v1\"", .ifNoneMatch: "\"v1\""]) == .notModified)
        #expect(outcome([.ifUnmodifiedSince: before]) == .preconditionFailed)
        #expect(outcome([.ifUnmodifiedSince: same]) == .proceed)
        #expect(outcome([.ifMatch: "\"v1\"", .ifUnmodifiedSince: before]) == .proceed, "If-Match wins")
        #expect(outcome([.ifModifiedSince: same]) == .notModified)
        #expect(outcome([.ifModifiedSince: "Sunday, 06-Nov-94 08:49:37 GMT"]) == .notModified)
        #expect(outcome([.ifModifiedSince: before]) == .proceed)
        #expect(outcome([.ifModifiedSince: "never"]) == .proceed)
        #expect(outcome([.ifNoneMatch: "\"v2\"", .ifModifiedSince: same]) == .proceed, "If-None-Match wins")
        #expect(outcome([.ifMatch: "*"], tag: nil) == .proceed)
        #expect(outcome([.ifMatch: "\"v1\""], tag: nil) == .preconditionFailed)
        #expect(outcome([.ifNoneMatch: "*"], tag: nil) == .notModified)
    }

    @Test("If-Range needs a strong tag or the exact date (section 13.1.5)")
    func ifRange() {
        let tag = EntityTag("v1")
        #expect(ConditionalRequest.allowsRange(fields: [.ifRange: "\"v1\""], tag: tag))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: "W/\"v1\""], tag: tag))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: "\"v2\""], tag: tag))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: "\"v1\""], tag: EntityTag("v1", isWeak: true)))
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(ConditionalRequest.allowsRange(fields: [.ifRange: date], tag: nil, modified: 784_111_777))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: date], tag: nil, modified: 784_111_776))
    }

    private func cached(
        _ stored: [(String, String)],
        _ asked: [(String, String)],
        code: Int = 200
    ) -> ConditionalRequest {
        ConditionalRequest(fields: Sample.fields(asked), stored: Sample.stored(code, stored).head)
    }

    @Test("a cache answers If-None-Match from the stored tag, first, middle or last in the list (section 4.3.2)")
    func storedTags() {
        for list in ["\"a\", \"1\", \"2\"", "\"1\", \"a\", \"2\"", "\"1\", \"2\", \"a\"", "*"] {
            #expect(cached([("ETag", "\"a\"")], [("If-None-Match", list)]) == .notModified, "\(list)")
        }
        #expect(cached([("ETag", "W/\"a\"")], [("If-None-Match", "W/\"a\"")]) == .notModified)
        #expect(cached([("ETag", "W\"odd")], [("If-None-Match", "W\"odd")]) == .notModified, "the same text")
        #expect(cached([("ETag", "\"a\"")], [("If-None-Match", "\"b\"")]) == .proceed)
        #expect(cached([], [("If-None-Match", "\"b\"")]) == .proceed)
        let both = [("If-None-Match", "\"a\""), ("If-Modified-Since", Sample.text(-9_999))]
        #expect(cached([("ETag", "\"a\""), ("Last-Modified", Sample.text(-5))], both) == .notModified)
    }

    @Test("a cache answers If-Modified-Since from Last-Modified, else from Date (section 4.3.2)")
    func storedDates() {
        let stored = [("Last-Modified", Sample.text(-3_000))]
        #expect(cached(stored, [("If-Modified-Since", Sample.text(-3_000))]) == .notModified)
        #expect(cached(stored, [("If-Modified-Since", Sample.text(-2_000))]) == .notModified)
        #expect(cached(stored, [("If-Modified-Since", Sample.text(-3_001))]) == .proceed)
        #expect(cached([], [("If-Modified-Since", Sample.text(0))]) == .notModified)
        #expect(cached([], [("If-Modified-Since", Sample.text(-1))]) == .proceed)
        #expect(cached([("Last-Modified", "odd")], [("If-Modified-Since", Sample.text(0))]) == .proceed)
    }

    @Test("only a stored 200 can be not modified; conditions for the origin are not evaluated (section 4.3.2)")
    func notEvaluated() {
        #expect(cached([("ETag", "\"a\"")], [("If-None-Match", "\"a\"")], code: 404) == .proceed)
        #expect(cached([("ETag", "\"a\"")], [("If-Match", "\"b\"")]) == .proceed)
    }

    @Test("a 304 has the validators and what caches need, and nothing about the content (section 15.4.5)")
    func notModifiedHead() {
        let head = Sample.stored(
            200,
            [
                ("ETag", "\"a\""), ("Content-Type", "text/plain"), ("Content-Length", "5"), ("Vary", "x"),
                ("Cache-Control", "max-age=5"),
            ]
        ).head
        let response = NotModifiedHead.response(from: head, ageSeconds: 3)
        #expect(response.status == .notModified)
        #expect(response.headerFields.map(\.name.rawName) == ["ETag", "Vary", "Cache-Control", "Date", "Age"])
        #expect(response.headerFields[.age] == "3")
    }

    @Test("a validating request has the stored validators as they came, not the client's (section 4.3.1)")
    func validating() {
        let client = Sample.request(
            .get,
            [
                ("If-None-Match", "\"mine\""), ("If-Modified-Since", Sample.text(0)), ("Range", "bytes=0-1"),
                ("If-Range", "\"x\""), ("Abc", "123"),
            ]
        )
        let stored = Sample.stored(200, [("ETag", "W/\"a\""), ("Last-Modified", "odd date")])
        let request = ConditionalFetch.validating(client, stored: stored)
        #expect(
            request.headerFields
                == Sample.fields([
                    ("Abc", "123"), ("If-None-Match", "W/\"a\""), ("If-Modified-Since", "odd date"),
                ])
        )
        #expect(ConditionalFetch.validating(Sample.request(.head), stored: stored).method == .get)
        let more = ConditionalFetch.validating(client, stored: stored, others: ["\"b\""])
        #expect(more.headerFields[.ifNoneMatch] == "W/\"a\", \"b\"")
    }

    @Test("a fetch to be shared has neither conditions nor range; one for a range keeps it")
    func fetching() {
        let client = Sample.request(.get, [("If-None-Match", "\"a\""), ("Range", "bytes=-5"), ("If-Range", "\"x\"")])
        #expect(ConditionalFetch.unconditional(client).headerFields.isEmpty)
        #expect(
            ConditionalFetch.ranged(client).headerFields
                == Sample.fields([("Range", "bytes=-5"), ("If-Range", "\"x\"")])
        )
    }
}
