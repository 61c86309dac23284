import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Ranges (RFC 9110 section 14, RFC 9111 section 3.3)")
struct RangeTests {
    @Test(
        "a range is read against the length (section 14.1.2)",
        arguments: [
            (nil, 10, ByteRange.whole), ("bytes=0-0", 10, .part(0..<1)), ("bytes=2-", 10, .part(2..<10)),
            ("bytes=-3", 10, .part(7..<10)), ("bytes=-30", 10, .part(0..<10)), ("bytes=5-100", 10, .part(5..<10)),
            ("bytes=10-", 10, .unsatisfiable), ("bytes=-0", 10, .unsatisfiable), ("bytes=0-", 0, .unsatisfiable),
            ("bytes=4-2", 10, .whole), ("bytes=a-b", 10, .whole), ("bytes=-", 10, .whole), ("items=0-1", 10, .whole),
            ("bytes=0-1,4-5", 10, .whole), ("BYTES = 1-2", 10, .whole), ("Bytes=1-2", 10, .part(1..<3)),
            ("bytes=99999999999999999999-", 10, .unsatisfiable), ("bytes=0-99999999999999999999", 10, .part(0..<10)),
            ("bytes=", 10, .whole), ("bytes=1-2-3", 10, .whole), ("bytes= 1-2 ", 10, .part(1..<3)),
            ("bytes=--1", 10, .whole), ("bytes=+1-2", 10, .whole),
        ] as [(String?, Int, ByteRange)]
    )
    func single(value: String?, length: Int, expected: ByteRange) {
        #expect(ByteRange(fieldValue: value, length: length) == expected)
    }

    private let whole = Sample.stored(
        200,
        [("Cache-Control", "max-age=60"), ("ETag", "\"a\""), ("Content-Type", "text/x")]
    )

    private func plan(_ text: String?, _ more: [(String, String)] = [], method: HTTPRequest.Method = .get) -> RangePlan
    {
        let lines = (text.map { [("Range", $0)] } ?? []) + more
        return RangePlan(request: Sample.request(method, lines), stored: whole, bodyLength: 100)
    }

    @Test("ranges of a stored response are planned; what is not satisfiable is 416 (section 14.2)")
    func plans() {
        #expect(plan(nil) == .whole)
        #expect(plan("bytes=0-9") == .part(0..<10))
        #expect(plan("bytes=-1") == .part(99..<100))
        #expect(plan("bytes=100-") == .unsatisfiable)
        #expect(plan("bytes=100-, 0-1") == .part(0..<2), "what is satisfiable is sent")
        #expect(plan("bytes=0-1, 50-60") == .parts([0..<2, 50..<61]))
        #expect(plan("bytes=0-1", method: .head) == .whole)
        #expect(plan("bytes=0-1", [("Range", "bytes=5-6")]) == .whole)
        #expect(plan("bytes=x") == .whole)
    }

    @Test("overlapping and touching ranges are merged, many are ignored (section 14.2)")
    func manyRanges() {
        #expect(plan("bytes=50-60, 0-9, 10-19, 55-70") == .parts([50..<71, 0..<20]))
        #expect(plan("bytes=0-, 0-, 0-") == .part(0..<100))
        #expect(plan("bytes=0-10, 20-30, 5-25") == .part(0..<31))
        let most = (0..<32).map { "\($0 * 3)-\($0 * 3)" }.joined(separator: ",")
        guard case .parts(let parts) = plan("bytes=" + most) else {
            Issue.record("not planned")
            return
        }
        #expect(parts.count == 32)
        #expect(plan("bytes=" + most + ",99-") == .whole)
    }

    @Test("If-Range decides between the range and the whole (section 13.1.5)")
    func ifRange() {
        #expect(plan("bytes=0-9", [("If-Range", "\"a\"")]) == .part(0..<10))
        #expect(plan("bytes=0-9", [("If-Range", "\"b\"")]) == .whole)
        let date = Sample.text(-60)
        func byDate(_ modified: String) -> RangePlan {
            RangePlan(
                request: Sample.request(.get, [("Range", "bytes=0-1"), ("If-Range", modified)]),
                stored: Sample.stored(200, [("Last-Modified", modified)]),
                bodyLength: 9
            )
        }
        #expect(byDate(date) == .part(0..<2))
        #expect(byDate(Sample.date) == .whole, "a change in the second of Date is no strong validator")
    }

    @Test("the heads of the answers say what is in them (sections 14.4 and 15.3.7)")
    func heads() throws {
        func head(_ plan: RangePlan) -> HTTPResponse? {
            plan.response(from: whole, bodyLength: 100, ageSeconds: 7, boundary: "B")
        }
        let part = try #require(head(.part(5..<10)))
        #expect(part.status == .partialContent)
        #expect(part.headerFields[.contentRange] == "bytes 5-9/100")
        #expect(part.headerFields[.contentLength] == "5")
        #expect(part.headerFields[.contentType] == "text/x")
        #expect(part.headerFields[.age] == "7")
        let none = try #require(head(.unsatisfiable))
        #expect(none.status == .rangeNotSatisfiable)
        #expect(none.headerFields[.contentRange] == "bytes */100")
        #expect(none.headerFields[.contentLength] == "0")
        let all = try #require(head(.whole))
        #expect(all.status == .ok)
        #expect(all.headerFields[.contentLength] == "100")
        #expect(head(.notCovered) == nil)
    }

    @Test("a 204 has no Content-Length (section 8.6)")
    func noContent() {
        let empty = Sample.stored(204, [("Cache-Control", "max-age=60"), ("Content-Length", "0")])
        let head = RangePlan.whole.response(from: empty, bodyLength: 0, ageSeconds: 0, boundary: "B")
        #expect(head?.headerFields[.contentLength] == nil)
    }

    @Test("several parts are multipart/byteranges with the length announced (section 14.6)")
    func multipart() throws {
        let content = (0..<100).map { String($0 % 10) }.joined()
        let ranges = [0..<2, 50..<53]
        let body = MultipartByteRanges(ranges, completeLength: 100, contentType: "text/x", boundary: "B")
        let text = body.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .bytes(let range): String(content.dropFirst(range.lowerBound).prefix(range.count))
            }
        }.joined()
        #expect(
            text == "--B\r\nContent-Type: text/x\r\nContent-Range: bytes 0-1/100\r\n\r\n01"
                + "\r\n--B\r\nContent-Type: text/x\r\nContent-Range: bytes 50-52/100\r\n\r\n012\r\n--B--\r\n"
        )
        #expect(body.byteCount == text.utf8.count)
        let head = RangePlan.parts(ranges).response(from: whole, bodyLength: 100, ageSeconds: 0, boundary: "B")
        #expect(head?.headerFields[.contentType] == "multipart/byteranges; boundary=B")
        #expect(head?.headerFields[.contentLength] == String(text.utf8.count))
        #expect(head?.headerFields[.contentRange] == nil)
    }

    @Test(
        "Content-Range is read exactly (section 14.4)",
        arguments: [
            "bytes 4-9/*", "bytes */10", "bytes 4-10/10", "bytes 9-4/10", "bytes=4-9/10", "4-9/10", "bytes 4-9",
            "bytes  4-9/10", "bytes 4-9/10/11", "bytes -4-9/10", "bytes 99999999999999999999-9/10", "items 4-9/10", "",
        ]
    )
    func badContentRange(text: String) {
        #expect(PartialContent(contentRange: text) == nil)
    }

    private let part = Sample.stored(
        206,
        [
            ("Cache-Control", "max-age=60"), ("ETag", "\"a\""), ("Content-Range", "bytes 5-9/10"),
            ("Content-Length", "5"),
        ],
        request: Sample.request(.get, [("Range", "bytes=-5")])
    )

    @Test("a stored part answers what lies within it (section 3.3)")
    func storedPart() {
        #expect(part.policy.storability == .store)
        #expect(!part.policy.isReusableWithoutValidation)
        func plan(_ text: String?) -> RangePlan {
            let lines = text.map { [("Range", $0)] } ?? []
            return RangePlan(request: Sample.request(.get, lines), stored: part, bodyLength: 5)
        }
        #expect(plan("bytes=-5") == .part(5..<10))
        #expect(plan("bytes=6-8") == .part(6..<9))
        #expect(plan("bytes=6-") == .part(6..<10))
        #expect(plan("bytes=-1") == .part(9..<10))
        #expect(plan("bytes=4-") == .notCovered)
        #expect(plan("bytes=-6") == .notCovered)
        #expect(plan("bytes=6-6, 0-0") == .notCovered)
        #expect(plan(nil) == .notCovered)
        #expect(plan("bytes=10-") == .unsatisfiable)
        let head = plan("bytes=6-8").response(from: part, bodyLength: 5, ageSeconds: 0, boundary: "B")
        #expect(head?.headerFields[.contentRange] == "bytes 6-8/10")
        #expect(head?.headerFields[.contentLength] == "3")
    }

    @Test("a 206 that holds everything answers as a whole response")
    func completePart() {
        let all = Sample.stored(
            206,
            [("Cache-Control", "max-age=60"), ("Content-Range", "bytes 0-9/10")],
            request: Sample.request(.get, [("Range", "bytes=0-")])
        )
        let plan = RangePlan(request: Sample.request(), stored: all, bodyLength: 10)
        #expect(plan == .whole)
        let head = plan.response(from: all, bodyLength: 10, ageSeconds: 0, boundary: "B")
        #expect(head?.status == .ok)
        #expect(head?.headerFields[.contentRange] == nil)
        #expect(head?.headerFields[.contentLength] == "10")
    }

    @Test("parts that touch or overlap are united (RFC 9111 section 3.4)")
    func union() {
        let first = PartialContent(range: 0..<5, completeLength: 10)
        #expect(first.union(PartialContent(range: 5..<10, completeLength: 10))?.isComplete == true)
        #expect(first.union(PartialContent(range: 3..<7, completeLength: 10))?.range == 0..<7)
        #expect(first.union(PartialContent(range: 6..<10, completeLength: 10)) == nil)
        #expect(first.union(PartialContent(range: 5..<9, completeLength: 9)) == nil)
        #expect(first.fieldValue == "bytes 0-4/10")
    }
}
