import HTTPSemantics
import HTTPTypes
import Origin
import Testing

@Suite("HTTP rules of the origin")
struct HTTPRuleTests {
    @Test(
        "a range is read against the length",
        arguments: [
            (nil, 10, ByteRange.whole), ("bytes=0-0", 10, .part(0..<1)), ("bytes=2-", 10, .part(2..<10)),
            ("bytes=-3", 10, .part(7..<10)), ("bytes=-30", 10, .part(0..<10)), ("bytes=5-100", 10, .part(5..<10)),
            ("bytes=10-", 10, .unsatisfiable), ("bytes=-0", 10, .unsatisfiable), ("bytes=0-", 0, .unsatisfiable),
            ("bytes=4-2", 10, .whole), ("bytes=a-b", 10, .whole), ("bytes=-", 10, .whole), ("items=0-1", 10, .whole),
            ("bytes=0-1,4-5", 10, .whole), ("BYTES = 1-2", 10, .whole), ("Bytes=1-2", 10, .part(1..<3)),
            ("bytes=99999999999999999999-", 10, .unsatisfiable), ("bytes=0-99999999999999999999", 10, .part(0..<10)),
        ] as [(String?, Int, ByteRange)]
    )
    func range(value: String?, length: Int, expected: ByteRange) {
        #expect(ByteRange(fieldValue: value, length: length) == expected)
    }

    @Test("entity tags compare weakly for If-None-Match and strongly for If-Match")
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
    }

    @Test("HTTP dates go back and forth")
    func dates() throws {
        let date = try #require(HTTPDate(fieldValue: "Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(date.secondsSince1970 == 784_111_777)
        #expect(date.fieldValue == "Sun, 06 Nov 1994 08:49:37 GMT")
        for seconds in stride(from: Int64(-86_400 * 400), to: 4_102_444_800, by: 86_400 * 37 + 12_345) {
            let text = HTTPDate(secondsSince1970: seconds).fieldValue
            #expect(HTTPDate(fieldValue: text)?.secondsSince1970 == seconds, "\(text)")
        }
        for bad in ["", "yesterday", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"] {
            #expect(HTTPDate(fieldValue: bad) == nil)
        }
    }

    @Test("preconditions are evaluated in the order of RFC 9110")
    func preconditions() {
        let tag = EntityTag("v1")
        func outcome(_ fields: HTTPFields) -> ConditionalRequest {
            ConditionalRequest(fields: fields, tag: tag, modified: 784_111_777)
        }
        #expect(outcome([:]) == .proceed)
        #expect(outcome([.ifNoneMatch: "\"v1\""]) == .notModified)
        #expect(outcome([.ifMatch: "\"v2\"", .ifNoneMatch: "\"v1\""]) == .preconditionFailed)
        #expect(outcome([.ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"]) == .notModified)
        #expect(outcome([.ifModifiedSince: "Sun, 06 Nov 1994 08:49:36 GMT"]) == .proceed)
        #expect(
            outcome([.ifNoneMatch: "\"v2\"", .ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"]) == .proceed,
            "If-None-Match wins over If-Modified-Since"
        )
        #expect(ConditionalRequest.allowsRange(fields: [.ifRange: "\"v1\""], tag: tag))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: "W/\"v1\""], tag: tag))
        #expect(!ConditionalRequest.allowsRange(fields: [.ifRange: "\"v2\""], tag: tag))
    }

    @Test("a problem document is JSON with a stable type")
    func problem() {
        let problem = ProblemDocument(
            "bad-option",
            status: .badRequest,
            title: "Bad option",
            detail: "line\n\"x\" \u{1}",
            option: "rs"
        )
        let expected = """
            {"type":"https://vitrine.invalid/problems/bad-option","title":"Bad option","status":400,\
            "detail":"line\\n\\"x\\" \\u0001","option":"rs"}

            """
        #expect(problem.json == expected)
        #expect(problem.fields[.contentType] == "application/problem+json")
    }
}
