import HTTPTypes
import NIOCore
import Testing
import VitrineTesting

@testable import Wire

@Suite("RequestEncoder")
struct RequestEncoderTests {
    private static let target = UpstreamTarget(host: "::1", port: 8_080)

    private func encoded(
        _ request: HTTPRequest,
        body: UpstreamRequestBody? = nil
    ) throws(UpstreamError) -> RequestEncoder.Encoded {
        try RequestEncoder.encode(request, body: body, target: Self.target)
    }

    @Test("methods that expect content say that there is none")
    func noContent() throws {
        #expect(String(buffer: try encoded(.test(.post)).head).contains("\r\nContent-Length: 0\r\n"))
        #expect(!String(buffer: try encoded(.test(.delete)).head).contains("Content-Length"))
    }

    @Test("an address of version 6 stands in brackets, the scheme's port is left out")
    func authority() {
        #expect(Self.target.authority == "[::1]:8080")
        #expect(UpstreamTarget(host: "a.test", port: 80).authority == "a.test")
        #expect(UpstreamTarget(host: "a.test", port: 443).authority == "a.test:443")
        #expect(UpstreamTarget(host: "a.test", port: 443, isTLS: true).authority == "a.test")
    }

    @Test("OPTIONS may ask about the server as a whole")
    func asterisk() throws {
        #expect(String(buffer: try encoded(.test(.options, "*")).head).hasPrefix("OPTIONS * HTTP/1.1\r\n"))
    }

    @Test(
        "a target that is no path, or could break the line, is refused",
        arguments: ["", "*", "a", "http://x/", "/a b", "/a\r\nX: y", "/a\nb", "/a\tb", "/\u{0}b", "/\u{7f}b"]
    )
    func badTarget(path: String) {
        #expect(throws: UpstreamError.invalidRequest(.target)) { try encoded(.test(.get, path)) }
    }

    @Test("an authority that could break the line is refused", arguments: ["", "a b", "a\r\nX: y", "\u{e9}.test"])
    func badAuthority(authority: String) {
        let request = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/")
        #expect(throws: UpstreamError.invalidRequest(.authority)) { try encoded(request) }
    }

    @Test("CONNECT is refused")
    func connect() {
        #expect(throws: UpstreamError.invalidRequest(.method)) { try encoded(.test(.connect)) }
    }

    @Test("an expectation without a body is not passed on")
    func expectation() throws {
        let fields: HTTPFields = [.expect: "100-Continue"]
        let without = try encoded(.test(.post, "/", fields))
        #expect(!without.expectsContinue && !String(buffer: without.head).contains("Expect"))
        let with = try encoded(.test(.post, "/", fields), body: .bytes(ByteBuffer(string: "x")))
        #expect(with.expectsContinue && String(buffer: with.head).contains("Expect: 100-Continue\r\n"))
    }

    @Test("field values of any bytes make no more lines than there are fields (seed 6)")
    func injection() throws {
        var random = SeededGenerator(seed: 6)
        let name = try #require(HTTPField.Name("X-A"))
        for step in 0..<2_000 {
            let bytes = random.bytes(Int.random(in: 0..<40, using: &random)) + Array("\r\nX-Evil: 1\r\n\r\n".utf8)
            var request = HTTPRequest.test()
            request.headerFields.append(HTTPField(name: name, lenientValue: bytes))
            request.headerFields.append(HTTPField(name: name, value: String(decoding: bytes, as: UTF8.self)))
            let head = try encoded(request).head.readableBytesView
            // Request line, Host, two fields, and the empty line.
            #expect(head.filter { $0 == 0x0a }.count == 5, "step \(step): \(bytes)")
            #expect(head.filter { $0 == 0x0d }.count == 5, "step \(step): \(bytes)")
            #expect(!head.contains(0), "step \(step): \(bytes)")
        }
    }
}
