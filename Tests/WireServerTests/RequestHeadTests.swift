import HTTPTypes
import NIOCore
import Testing
import Wire

/// Parses one text as a head; the parts as texts.
struct ParsedHead: Equatable {
    var method = ""
    var target = ""
    var path = ""
    var host = ""
    var isVersion11 = true
    var keepsAlive = true
    var framing = BodyFraming.length(0)
    var fields: [String] = []

    static func parse(
        _ text: String,
        limits: HeadScanner.Limits = HeadScanner.Limits()
    ) -> Result<ParsedHead?, MessageFault> {
        parse(ByteBuffer(string: text), limits: limits)
    }

    static func parse(_ buffer: ByteBuffer, limits: HeadScanner.Limits) -> Result<ParsedHead?, MessageFault> {
        let head = RequestHead(limits: limits)
        do throws(MessageFault) {
            guard try head.parse(buffer.readableBytesUInt8Span) else { return .success(nil) }
        } catch {
            return .failure(error)
        }
        return .success(ParsedHead(head, buffer))
    }

    init() {}

    init(_ head: RequestHead, _ buffer: ByteBuffer) {
        let bytes = buffer.readableBytesUInt8Span
        method = bytes.text(head.methodName)
        target = bytes.text(head.target)
        path = bytes.text(head.path)
        host = bytes.text(head.host)
        isVersion11 = head.isVersion11
        keepsAlive = head.keepsAlive
        framing = head.framing
        fields = head.fields.map { bytes.text($0.name) + "=" + bytes.text($0.value) }
    }
}

/// The rules of RFC 9112 §2–§6 and RFC 9110 §5 for request heads.
struct RequestHeadTests {
    @Test(
        "a well-formed head is taken",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "FOO /x HTTP/1.1\r\nHost: a\r\n\r\n",
            "M-SEARCH /x HTTP/1.1\r\nHost: a:80\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "GET http://a/b HTTP/1.1\r\nHost: c\r\n\r\n",
            "GET https://a HTTP/1.1\r\nHost: c\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /?q={a|b}^\"<> HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:a\r\nX:\r\nY: \r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: caf\u{e9}\t\"q\"\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\ncontent-length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , Chunked\r\n\r\n",
        ]
    )
    func accepted(_ text: String) throws {
        #expect(try ParsedHead.parse(text).get() != nil)
    }

    @Test(
        "a malformed head is refused",
        arguments: [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", MessageFault.lineEnd),
            ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .lineEnd),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", .lineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", .lineEnd),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", .lineEnd),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
            ("GET /\r\nHost: a\r\n\r\n", .startLine),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
            ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .startLine),
            (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
            ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", .startLine),
            ("GET / HTTP/11\r\nHost: a\r\n\r\n", .startLine),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .version),
            ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .version),
            ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", .version),
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", .target),
            ("GET / HTTP/1.1\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .host),
            ("GET / HTTP/1.0\r\nHost: @\r\n\r\n", .host),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\u{e9}: b\r\n\r\n", .fieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .foldedLine),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedLine),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n", .fieldValue),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{1b}[0m\r\n\r\n", .fieldValue),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: 12345678\u{7f}\r\n\r\n", .fieldValue),
        ]
    )
    func refused(_ text: String, _ fault: MessageFault) {
        #expect(ParsedHead.parse(text) == .failure(fault))
    }

    @Test(
        "framing that two readers could see differently is refused",
        arguments: [
            ("Content-Length: 3\r\nTransfer-Encoding: chunked", MessageFault.ambiguousFraming),
            ("Transfer-Encoding: chunked\r\nContent-Length: 0", .ambiguousFraming),
            ("Content-Length: 3\r\nContent-Length: 4", .contentLength),
            ("Content-Length: 3, 4", .contentLength),
            ("Content-Length: 3,", .contentLength),
            ("Content-Length: +3", .contentLength),
            ("Content-Length: -3", .contentLength),
            ("Content-Length: 0x3", .contentLength),
            ("Content-Length: 3 3", .contentLength),
            ("Content-Length:", .contentLength),
            ("Content-Length: 9223372036854775808", .contentLength),
            ("Content-Length: 00000000000000000001", .contentLength),
            ("Transfer-Encoding: gzip", .transferEncoding),
            ("Transfer-Encoding: chunked, gzip", .transferEncoding),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", .transferEncoding),
            ("Transfer-Encoding: chunked, chunked", .transferEncoding),
            ("Transfer-Encoding: xchunked", .transferEncoding),
            ("Transfer-Encoding: \"chunked\"", .transferEncoding),
            ("Transfer-Encoding: chunked;q=1", .transferEncoding),
            ("Transfer-Encoding:", .transferEncoding),
            ("Transfer-Encoding: gzip, chunked", .unknownCoding),
        ]
    )
    func ambiguous(_ lines: String, _ fault: MessageFault) {
        #expect(ParsedHead.parse("POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n") == .failure(fault))
    }

    @Test("Transfer-Encoding in HTTP/1.0 is refused")
    func codingInOldVersion() {
        let text = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(ParsedHead.parse(text) == .failure(.transferEncoding))
    }

    @Test(
        "the connection stays open as version and Connection say",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close", false), ("1.1", "Connection: x, CLOSE", false),
            ("1.1", "Connection: keep-alive", true), ("1.0", "", false), ("1.0", "Connection: Keep-Alive", true),
            ("1.0", "Connection: keep-alive\r\nConnection: close", false), ("1.1", "Connection: closed", true),
        ]
    )
    func persistence(_ version: String, _ line: String, _ expected: Bool) throws {
        let lines = line.isEmpty ? "" : line + "\r\n"
        let head = try ParsedHead.parse("GET / HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n").get()
        #expect(head?.keepsAlive == expected)
    }

    @Test("an absolute target's authority replaces Host")
    func absolute() throws {
        let head = try ParsedHead.parse("GET http://a.example:81/b?c HTTP/1.1\r\nHost: other\r\n\r\n").get()
        #expect(head?.host == "a.example:81")
        #expect(head?.path == "/b?c")
        #expect(head?.target == "http://a.example:81/b?c")
    }

    @Test("limits have their own faults")
    func limits() {
        let limits = HeadScanner.Limits(headBytes: 100, startLineBytes: 40, fields: 2)
        let long = String(repeating: "a", count: 60)
        let cases: [(String, MessageFault)] = [
            ("GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n", .targetTooLong),
            ("GET /\(long)", .targetTooLong),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\(long)\r\n\r\n", .headTooLarge),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\(long)", .headTooLarge),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\n\r\n", .tooManyFields),
        ]
        for (text, fault) in cases { #expect(ParsedHead.parse(text, limits: limits) == .failure(fault)) }
    }

    @Test("known fields are found in any case, with their first line, and repetitions are noted")
    func known() throws {
        for field in KnownField.allCases where field != .host && field != .contentLength && field != .transferEncoding {
            let name = "\(field.name)"
            let buffer = ByteBuffer(
                string: "GET / HTTP/1.1\r\nHost: h\r\nX: 1\r\n\(name.uppercased()): one\r\n\(name): two\r\n\r\n"
            )
            let head = RequestHead(limits: HeadScanner.Limits())
            let isWhole = try head.parse(buffer.readableBytesUInt8Span)
            #expect(isWhole)
            let value = try #require(head.value(of: field))
            let text = buffer.readableBytesUInt8Span.text(value)
            #expect(text == "one", "\(name)")
            #expect(head.repeated == KnownFieldSet(field))
            #expect(head.present == KnownFieldSet([.host, field]))
        }
    }

    @Test("the slow path gets method, authority, path and the fields as they were written")
    func conversion() throws {
        let text = "PUT /a?b HTTP/1.1\r\nHOST: x.example\r\nX-Thing: 1\r\naccept:  */* \r\nx-thing: 2\r\n\r\n"
        let buffer = ByteBuffer(string: text)
        let head = RequestHead(limits: HeadScanner.Limits())
        let isWhole = try head.parse(buffer.readableBytesUInt8Span)
        #expect(isWhole)
        let converted = head.request(buffer.readableBytesUInt8Span)
        let request = try #require(converted)
        #expect(request.method == .put)
        #expect(request.authority == "x.example")
        #expect(request.path == "/a?b")
        #expect(request.scheme == "http")
        #expect(request.headerFields.map(\.name.rawName) == ["X-Thing", "accept", "x-thing"])
        #expect(request.headerFields.map(\.value) == ["1", "*/*", "2"])
    }

    @Test("100-continue is expected only by HTTP/1.1 with a body")
    func expectation() throws {
        let cases: [(String, Bool)] = [
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false),
            ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: other\r\nContent-Length: 1\r\n\r\n", false),
        ]
        for (text, expected) in cases {
            let head = RequestHead(limits: HeadScanner.Limits())
            let isWhole = try head.parse(ByteBuffer(string: text).readableBytesUInt8Span)
            #expect(isWhole)
            #expect(head.expectsContinue == expected, "\(text)")
        }
    }
}
