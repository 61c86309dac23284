import HTTPTypes
import Testing

@testable import Wire

@Suite("ResponseParser")
struct ResponseParserTests {
    @Test("a status line gives code and reason")
    func statusLine() {
        let parsed = Parsed("HTTP/1.1 404 Not  there\r\nContent-Length: 0\r\n\r\n")
        #expect(parsed.head?.status.code == 404)
        #expect(parsed.head?.status.reasonPhrase == "Not  there")
        #expect(parsed.isComplete && parsed.error == nil && parsed.keepsAlive)
    }

    @Test("the reason may be empty, also without the blank before it", arguments: ["HTTP/1.1 200 ", "HTTP/1.1 200"])
    func emptyReason(line: String) {
        let parsed = Parsed(line + "\r\nContent-Length: 0\r\n\r\n")
        #expect(parsed.head?.status.code == 200 && parsed.head?.status.reasonPhrase == "")
    }

    @Test("every code from 200 to 999 is a final response", arguments: [200, 299, 418, 599, 600, 799, 999])
    func codes(code: Int) {
        let parsed = Parsed("HTTP/1.1 \(code) X\r\nContent-Length: 2\r\n\r\nok")
        #expect(parsed.head?.status.code == code && parsed.bodyText == "ok" && parsed.isComplete)
    }

    @Test(
        "a malformed head is an error",
        arguments: [
            ("HTTP/1.1 099 X\r\n\r\n", MessageFault.startLine),
            ("HTTP/1.1 20 X\r\n\r\n", .startLine),
            ("HTTP/1.1 2000 X\r\n\r\n", .startLine),
            ("HTTP/1.1 20x X\r\n\r\n", .startLine),
            ("HTTP/1.1  200 X\r\n\r\n", .startLine),
            ("http/1.1 200 X\r\n\r\n", .startLine),
            ("HTTP/11 200 X\r\n\r\n", .startLine),
            ("ICY 200 OK\r\n\r\n", .startLine),
            ("HTTP/1.1 200 O\u{1}K\r\n\r\n", .startLine),
            ("\r\nHTTP/1.1 200 OK\r\n\r\n", .startLine),
            ("\nHTTP/1.1 200 OK\r\n\r\n", .startLine),
            (" HTTP/1.1 200 OK\r\n\r\n", .startLine),
            ("HTTP/2.0 200 OK\r\n\r\n", .version),
            ("HTTP/1.2 200 OK\r\n\r\n", .version),
            ("HTTP/0.9 200 OK\r\n\r\n", .version),
            ("HTTP/1.1 200 OK\n\n", .lineEnd),
            ("HTTP/1.1 200 OK\r\nA: b\n\r\n", .lineEnd),
            ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", .lineEnd),
            ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .foldedLine),
            ("HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\n", .foldedLine),
            ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .fieldName),
            ("HTTP/1.1 200 OK\r\n: b\r\n\r\n", .fieldName),
            ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .fieldName),
            ("HTTP/1.1 200 OK\r\nA(: b\r\n\r\n", .fieldName),
            ("HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", .fieldValue),
            ("HTTP/1.1 200 OK\r\nA: b\u{7f}c\r\n\r\n", .fieldValue),
        ]
    )
    func malformedHead(text: String, fault: MessageFault) {
        let parsed = Parsed(text)
        #expect(parsed.error == .malformed(fault))
        #expect(parsed.head == nil)
    }

    @Test("fields keep their order, their repetition and their bytes")
    func fields() throws {
        let parsed = Parsed("HTTP/1.1 204 X\r\nB:1\r\nA: \t2 3\t \r\nb: \u{e9}\r\nEmpty:\r\n\r\n")
        let fields = try #require(parsed.head?.headerFields)
        #expect(fields.map(\.name.rawName) == ["B", "A", "b", "Empty"])
        #expect(fields.map(\.value) == ["1", "2 3", "\u{e9}", ""])
    }

    @Test("HEAD, 204 and 304 have no body, whatever their fields say")
    func noBody() {
        let head = Parsed("HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n", isToHead: true)
        #expect(head.isComplete && head.framing == .length(0) && head.keepsAlive)
        #expect(head.head?.headerFields[.contentLength] == "5")
        let chunked = Parsed("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", isToHead: true)
        #expect(chunked.isComplete && chunked.keepsAlive)
        let unmodified = Parsed("HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n")
        #expect(unmodified.isComplete && unmodified.keepsAlive && unmodified.framing == .length(0))
        #expect(Parsed("HTTP/1.1 204 X\r\n\r\n").keepsAlive)
    }

    @Test("a 204 that announces a body ends its connection")
    func doubtful204() {
        let parsed = Parsed("HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\nHello")
        #expect(parsed.isComplete && parsed.body.isEmpty && !parsed.keepsAlive && parsed.surplus == 5)
    }

    @Test("equal Content-Length values are merged into one")
    func equalLengths() {
        for fields in ["Content-Length: 3\r\nX: y\r\nContent-Length: 3", "Content-Length: 3, 3"] {
            let parsed = Parsed("HTTP/1.1 200 X\r\n\(fields)\r\n\r\nabc")
            #expect(parsed.isComplete && parsed.bodyText == "abc")
            #expect(parsed.head?.headerFields[values: .contentLength] == ["3"])
        }
    }

    @Test(
        "lengths that can't be trusted are errors",
        arguments: [
            ("Content-Length: 3\r\nContent-Length: 4", MessageFault.contentLength),
            ("Content-Length: 3, 4", .contentLength),
            ("Content-Length: +3", .contentLength),
            ("Content-Length: -3", .contentLength),
            ("Content-Length: 3 3", .contentLength),
            ("Content-Length: 0x3", .contentLength),
            ("Content-Length:", .contentLength),
            ("Content-Length: 99999999999999999999", .contentLength),
            ("Content-Length: 3\r\nTransfer-Encoding: chunked", .ambiguousFraming),
            ("Transfer-Encoding: gzip, chunked", .unknownCoding),
            ("Transfer-Encoding: identity", .transferEncoding),
            ("Transfer-Encoding: chunked, chunked", .transferEncoding),
            ("Transfer-Encoding: chunked, gzip", .transferEncoding),
            ("Transfer-Encoding: gzip", .transferEncoding),
            ("Transfer-Encoding: xchunked", .transferEncoding),
        ]
    )
    func badLengths(fields: String, fault: MessageFault) {
        let parsed = Parsed("HTTP/1.1 200 X\r\n\(fields)\r\n\r\nabc")
        #expect(parsed.error == .malformed(fault) && parsed.head == nil)
    }

    @Test("Transfer-Encoding from an HTTP/1.0 server is an error")
    func oldServerChunks() {
        let parsed = Parsed("HTTP/1.0 200 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(parsed.error == .malformed(.transferEncoding))
    }

    @Test("chunks are joined, extensions dropped, trailers given")
    func chunks() {
        let parsed = Parsed(
            "HTTP/1.1 200 X\r\ntransfer-encoding: Chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n"
        )
        #expect(parsed.isComplete && parsed.bodyText == "abc0123456789" && parsed.framing == .chunked)
        #expect(parsed.trailers?.map(\.description) == ["X-Sum: 1"])
        #expect(parsed.keepsAlive && parsed.surplus == 0)
    }

    @Test(
        "bad chunks are errors",
        arguments: [
            ("x\r\n", MessageFault.chunkSize),
            ("-1\r\n", .chunkSize),
            ("\r\n", .chunkSize),
            ("fffffffffffffffff\r\n", .chunkSize),
            ("3\nabc", .lineEnd),
            ("3\r\nabcd\r\n", .chunkEnd),
            ("3\r\nabc\n0\r\n", .chunkEnd),
            ("3;a=\u{1}\r\nabc\r\n", .chunkExtension),
            ("0\r\nbad trailer\r\n\r\n", .fieldName),
        ]
    )
    func badChunks(text: String, fault: MessageFault) {
        let parsed = Parsed("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
        #expect(parsed.error == .malformed(fault) && !parsed.isComplete)
    }

    @Test(
        "a body that ends before its framing says so is truncated",
        arguments: [
            "Content-Length: 10\r\n\r\nabc", "Content-Length: 10\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\nab",
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
        ]
    )
    func truncated(text: String) {
        let parsed = Parsed("HTTP/1.1 200 X\r\n" + text)
        #expect(parsed.error == .truncated && !parsed.isComplete)
    }

    @Test("a connection that ends before the head is complete gives no response")
    func closedBeforeHead() {
        #expect(Parsed("").error == .closedBeforeHead(hasBegun: false))
        #expect(Parsed("HTTP/1.1 200 X\r\nA: b").error == .closedBeforeHead(hasBegun: true))
        #expect(Parsed("HTTP/1.1 100 X\r\n\r\n").error == .closedBeforeHead(hasBegun: true))
    }

    @Test("without a length the body ends with the connection")
    func untilClose() {
        let parsed = Parsed("HTTP/1.1 200 X\r\n\r\nall of it")
        #expect(parsed.isComplete && parsed.framing == .untilClose && parsed.bodyText == "all of it")
        #expect(!parsed.keepsAlive)
        #expect(!Parsed("HTTP/1.1 200 X\r\n\r\nall of it", closes: false).isComplete)
    }

    @Test("Connection decides about the next exchange")
    func keepAlive() {
        func keeps(_ version: String, _ field: String) -> Bool {
            Parsed("HTTP/\(version) 200 X\r\nContent-Length: 0\r\n\(field)\r\n").keepsAlive
        }
        #expect(keeps("1.1", ""))
        #expect(!keeps("1.1", "Connection: close\r\n"))
        #expect(!keeps("1.1", "Connection: x, Close\r\n"))
        #expect(!keeps("1.1", "Connection: keep-alive\r\nConnection: close\r\n"))
        #expect(!keeps("1.0", ""))
        #expect(keeps("1.0", "Connection: Keep-Alive\r\n"))
        #expect(keeps("1.1", "Connection: closed\r\n"))
    }

    @Test("interim responses come before the final one, in order and bounded")
    func informational() {
        var limits = UpstreamLimits()
        limits.informationalResponses = 3
        let final = "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"
        let interim = ["100", "103", "199"].map { "HTTP/1.1 \($0) X\r\nLink: <x>\r\n\r\n" }.joined()
        let parsed = Parsed(interim + final, limits: limits)
        #expect(parsed.informational == [100, 103, 199] && parsed.isComplete)
        let tooMany = Parsed(interim + "HTTP/1.1 103 X\r\n\r\n" + final, limits: limits)
        #expect(tooMany.error == .tooManyInformational && tooMany.head == nil)
    }

    @Test("101 is refused")
    func upgrade() {
        #expect(Parsed("HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n").error == .switchedProtocols)
    }

    @Test("a head may have so many bytes and fields, and no more")
    func headLimits() {
        var limits = UpstreamLimits()
        let text = "HTTP/1.1 200 X\r\nA: b\r\nContent-Length: 0\r\n\r\n"
        limits.headBytes = text.utf8.count
        limits.headFields = 2
        #expect(Parsed(text, limits: limits).isComplete)
        limits.headBytes -= 1
        #expect(Parsed(text, limits: limits).error == .headTooLarge)
        limits.headBytes += 1
        limits.headFields = 1
        #expect(Parsed(text, limits: limits).error == .headTooLarge)
    }

    @Test("a trailer section may have so many bytes and fields, and no more")
    func trailerLimits() {
        var limits = UpstreamLimits()
        let text = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        let trailers = "X-A: b\r\nX-C: d\r\n\r\n"
        limits.trailerBytes = trailers.utf8.count
        limits.trailerFields = 2
        #expect(Parsed(text + trailers, limits: limits).trailers?.count == 2)
        limits.trailerBytes -= 1
        #expect(Parsed(text + trailers, limits: limits).error == .headTooLarge)
        limits.trailerBytes += 1
        limits.trailerFields = 1
        #expect(Parsed(text + trailers, limits: limits).error == .headTooLarge)
    }

    @Test("bytes behind the message are left alone")
    func surplus() {
        let parsed = Parsed("HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 X\r\n\r\n")
        #expect(parsed.bodyText == "ok" && parsed.isComplete && parsed.surplus == 18)
    }
}
