import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Testing
import VitrineTesting
import Wire

@testable import Edge

@Suite("What the hit path makes of conditions and ranges")
struct HitKindTests {
    private static let tags = ["\"a\"", "W/\"a\"", "\"b\"", "*", "\"a\", \"b\"", "a", "", "\"", "\"a", "W/\"b\""]
    private static let dates = [
        "Sat, 21 Nov 2026 00:00:00 GMT", "Fri, 20 Nov 2026 00:00:00 GMT", "Sun, 22 Nov 2026 00:00:00 GMT", "never",
        "Saturday, 21-Nov-26 00:00:00 GMT", "0", "",
    ]
    private static let ranges = [
        "bytes=0-", "bytes=0-0", "bytes=3-5", "bytes=5-3", "bytes=-3", "bytes=-0", "bytes=-", "bytes=9-", "bytes=10-",
        "bytes=0-99", "bytes=0-1,3-4", "Bytes=0-1", "bytes = 0-1", "bytes=0-1 ", "items=0-1", "bytes=1-2,",
        "bytes=,1-2",
        "bytes=99999999999999-", "bytes=0-999999999999999999999", "bytes=-999999999999999", "bytes=0x1-2", "bytes=+1-2",
        "bytes=00-01", "bytes=1--2", "",
    ]

    private struct Case {
        var text: String
        var stored: CachedResponse
    }

    private static func randomCase(_ random: inout SeededGenerator) -> Case {
        var fields: HTTPFields = [.cacheControl: "max-age=60", .contentType: "text/plain"]
        if Bool.random(using: &random), let tag = tags.randomElement(using: &random) { fields[.eTag] = tag }
        if Bool.random(using: &random), let date = dates.randomElement(using: &random) { fields[.lastModified] = date }
        let status = [200, 200, 200, 404, 301, 410].randomElement(using: &random) ?? 200
        var text = Bool.random(using: &random) ? "GET" : ["GET", "HEAD"].randomElement(using: &random) ?? "GET"
        text += " /x HTTP/1.1\r\nHost: a\r\n"
        func add(_ name: String, _ values: [String], _ most: Int) {
            for _ in 0..<Int.random(in: 0...most, using: &random) {
                text += "\(name): \(values.randomElement(using: &random) ?? "")\r\n"
            }
        }
        add("If-None-Match", tags, 2)
        add("If-Modified-Since", dates, 2)
        add("Range", ranges, 2)
        let body = ["", "0123456789", "x"].randomElement(using: &random) ?? ""
        return Case(text: text + "\r\n", stored: Sample.response(status: status, fields: fields, body: body))
    }

    /// What the ordinary path answers, as status and body.
    private static func expected(_ request: HTTPRequest, _ response: CachedResponse) -> (status: Int, part: Range<Int>)
    {
        let stored = response.stored
        let length = response.body.readableBytes
        if ConditionalRequest(fields: request.headerFields, stored: stored.head) == .notModified { return (304, 0..<0) }
        switch RangePlan(request: request, stored: stored, bodyLength: length) {
        case .whole: return (stored.head.status.code, 0..<length)
        case .part(let range): return (206, range)
        case .parts: return (206, 0..<0)
        case .unsatisfiable: return (416, 0..<0)
        case .notCovered: return (0, 0..<0)
        }
    }

    @Test("whenever it answers, it answers as the ordinary path does", arguments: 0..<8)
    func agrees(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var answers: [Int: Int] = [:]
        for _ in 0..<4_000 {
            let one = Self.randomCase(&random)
            let hit = PreparedHit(one.stored, validUntilMilliseconds: nil, product: "vitrine")
            let (kind, request) = try Sample.withHead(one.text) { head, bytes in
                (HitKind(hit, head, bytes), head.request(bytes))
            }
            guard let kind else { continue }
            let expected = Self.expected(try #require(request), one.stored)
            let part: Range<Int>
            switch kind {
            case .whole: part = 0..<one.stored.body.readableBytes
            case .part(let range): part = range
            case .notModified: part = 0..<0
            }
            let isSame = kind.status(of: one.stored) == expected.status && part == expected.part
            #expect(isSame, "seed \(seed): \(one.text) \(one.stored.head.fields) gave \(kind), not \(expected)")
            answers[expected.status, default: 0] += 1
        }
        // Able to fail: all kinds of answers came.
        for status in [200, 206, 304, 404] { #expect(answers[status, default: 0] > 0) }
    }

    @Test("the common cases are answered here")
    func common() throws {
        let fields: HTTPFields = [.cacheControl: "max-age=60", .eTag: "\"a\"", .lastModified: Self.dates[0]]
        let hit = PreparedHit(Sample.response(fields: fields), validUntilMilliseconds: nil, product: "vitrine")
        let cases: [(String, Int?)] = [
            ("", 200), ("If-None-Match: \"a\"\r\n", 304), ("If-Modified-Since: \(Self.dates[0])\r\n", 304),
            ("Range: bytes=0-3\r\n", 206), ("If-None-Match: \"b\"\r\n", nil), ("Range: bytes=0-1,4-5\r\n", nil),
            ("Range: bytes=99-\r\n", nil),
        ]
        for (field, status) in cases {
            let kind = try Sample.withHead("GET /x HTTP/1.1\r\nHost: a\r\n\(field)\r\n") { HitKind(hit, $0, $1) }
            #expect(kind?.status(of: hit.response) == status, "\(field)")
        }
    }

    @Test("a stored answer that is not a 200 keeps its status in the log")
    func status() throws {
        let hit = PreparedHit(Sample.response(status: 404), validUntilMilliseconds: nil, product: "vitrine")
        let kind = try Sample.withHead("GET /x HTTP/1.1\r\nHost: a\r\n\r\n") { HitKind(hit, $0, $1) }
        #expect(kind?.status(of: hit.response) == 404)
    }
}
