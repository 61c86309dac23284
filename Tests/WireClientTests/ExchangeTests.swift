import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import Wire

/// Whole exchanges with scripted origins.
@Suite("UpstreamPool, exchanges")
struct ExchangeTests {
    @Test("a request is sent as it was given, with Host and without framing of its own")
    func requestBytes() async throws {
        try await RawOrigin.with([.request, .send(ok)]) { origin, target in
            try await withPool { pool in
                var request = HTTPRequest.test(.get, "/a?b=%20c", [.accept: "image/avif"])
                request.headerFields.append(HTTPField(name: .init("X-One")!, value: "1"))
                request.headerFields.append(HTTPField(name: .init("x-one")!, value: "2"))
                request.headerFields[.contentLength] = "77"
                request.headerFields[.transferEncoding] = "chunked"
                let response = try await pool.exchange(request, to: target)
                #expect(try await response.text() == "ok")
                #expect(
                    origin.received()
                        == "GET /a?b=%20c HTTP/1.1\r\nHost: site.test\r\n"
                        + "Accept: image/avif\r\nX-One: 1\r\nx-one: 2\r\n\r\n"
                )
            }
        }
    }

    @Test("without an authority, Host names the target")
    func hostOfTarget() async throws {
        try await RawOrigin.with([.request, .send(ok)]) { origin, target in
            try await withPool { pool in
                let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
                _ = try await pool.exchange(request, to: target).text()
                #expect(origin.received().contains("\r\nHost: 127.0.0.1:\(target.port)\r\n"))
            }
        }
    }

    @Test("connections are kept and used again, the youngest first")
    func reuse() async throws {
        let script: [Step] = [.request, .send(ok), .request, .send(ok), .request, .send(ok)]
        try await RawOrigin.with(script) { origin, target in
            try await withPool { pool in
                for number in 0..<3 {
                    let response = try await pool.exchange(.test(), to: target)
                    #expect(try await response.text() == "ok")
                    #expect(response.isReusedConnection == (number > 0))
                }
                #expect(origin.connectionCount == 1)
                let statistics = pool.statistics
                #expect(statistics.connectionsMade == 1 && statistics.connectionsReused == 2)
                #expect(statistics.exchanges == 3 && statistics.failures.isEmpty)
                #expect(statistics.connectionsOpen == 1)
                #expect(statistics.bytesReceived == 3 * ok.utf8.count)
                #expect(statistics.bytesSent == origin.received().utf8.count)
            }
        }
    }

    @Test(
        "a connection in doubt is not used again",
        arguments: [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            ok + "surplus",
        ]
    )
    func notReused(answer: String) async throws {
        try await RawOrigin.with([.request, .send(answer)], [.request, .send(ok)]) { origin, target in
            try await withPool { pool in
                #expect(try await pool.text(from: target) == "ok")
                await origin.closed.wait()
                let second = try await pool.exchange(.test(), to: target)
                #expect(!second.isReusedConnection)
                #expect(try await second.text() == "ok")
            }
        }
    }

    @Test("Connection: close of a request is respected")
    func lastRequest() async throws {
        try await RawOrigin.with([.request, .send(ok)]) { origin, target in
            try await withPool { pool in
                _ = try await pool.exchange(.test(.get, "/", [.connection: "Close"]), to: target).text()
                await origin.closed.wait()
                #expect(pool.statistics.connectionsIdle == 0)
            }
        }
    }

    @Test("interim responses arrive in order before the head")
    func informational() async throws {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: <\u{2f}a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        try await RawOrigin.with([.request, .send(hints), .send(ok)]) { _, target in
            try await withPool { pool in
                let seen = Seen()
                let response = try await pool.exchange(.test(), to: target) { await seen.add($0.status.code) }
                #expect(response.head.status.code == 200)
                #expect(await seen.codes == [103, 102])
            }
        }
    }

    @Test("trailers are there after the body")
    func trailers() async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 9\r\n\r\n"
        try await RawOrigin.with([.request, .send(answer)]) { _, target in
            try await withPool { pool in
                let response = try await pool.exchange(.test(), to: target)
                #expect(response.trailers == nil)
                #expect(try await response.text() == "ok")
                #expect(response.trailers?.map(\.description) == ["X-Sum: 9"])
            }
        }
    }

    @Test("HEAD has a length and no body, and its connection is kept")
    func head() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
        try await RawOrigin.with([.request, .send(answer), .request, .send(ok)]) { _, target in
            try await withPool { pool in
                let response = try await pool.exchange(.test(.head), to: target)
                #expect(response.head.headerFields[.contentLength] == "900")
                #expect(try await response.text().isEmpty)
                let second = try await pool.exchange(.test(), to: target)
                #expect(try await second.text() == "ok" && second.isReusedConnection)
            }
        }
    }

    @Test("a body in memory is sent with its length")
    func bodyInMemory() async throws {
        try await RawOrigin.with([.receive("hello"), .send(ok)]) { origin, target in
            try await withPool { pool in
                let body = UpstreamRequestBody.bytes(ByteBuffer(string: "hello"))
                _ = try await pool.exchange(.test(.put), body: body, to: target).text()
                #expect(origin.received().hasSuffix("\r\nContent-Length: 5\r\n\r\nhello"))
            }
        }
    }

    @Test("a streamed body is sent in chunks, or with its length if that is known")
    func streamedBody() async throws {
        try await RawOrigin.with([.receive("0\r\n\r\n"), .send(ok), .receive("hello!"), .send(ok)]) { origin, target in
            try await withPool { pool in
                let chunked = UpstreamRequestBody.stream(Parts(["hel", "", "lo!"]), length: nil)
                _ = try await pool.exchange(.test(.post), body: chunked, to: target).text()
                #expect(
                    origin.received()
                        .hasSuffix("\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n3\r\nlo!\r\n0\r\n\r\n")
                )
                let known = UpstreamRequestBody.stream(Parts(["hel", "lo!"]), length: 6)
                let second = try await pool.exchange(.test(.post), body: known, to: target)
                _ = try await second.text()
                #expect(second.isReusedConnection)
                #expect(origin.received().hasSuffix("\r\nContent-Length: 6\r\n\r\nhello!"))
            }
        }
    }

    @Test("a streamed body of another length than declared fails", arguments: [3, 9])
    func wrongLength(length: Int64) async throws {
        try await RawOrigin.with([.receive("never")]) { origin, target in
            try await withPool { pool in
                let error = await failure { () throws(UpstreamError) in
                    let body = UpstreamRequestBody.stream(Parts(["hel", "lo!"]), length: length)
                    _ = try await pool.exchange(.test(.post), body: body, to: target)
                }
                #expect(error == .requestBodyFailed && error?.fault == .requester)
                await origin.closed.wait()
                #expect(!origin.received().contains("lo!") || length == 9)
            }
        }
    }

    @Test("a source that throws fails the exchange and ends the connection")
    func failingSource() async throws {
        try await RawOrigin.with([.receive("never")]) { origin, target in
            try await withPool { pool in
                let error = await failure { () throws(UpstreamError) in
                    let body = UpstreamRequestBody.stream(Parts(["hel"], fails: true), length: nil)
                    _ = try await pool.exchange(.test(.post), body: body, to: target)
                }
                #expect(error == .requestBodyFailed)
                await origin.closed.wait()
                #expect(!origin.received().hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test("a body that expects 100 waits for it")
    func expectContinue() async throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let asked = Gate()
        let script: [Step] = [.request, .open(asked), .send(interim), .receive("hello"), .send(ok)]
        try await RawOrigin.with(script) { origin, target in
            try await withPool { pool in
                let seen = Seen()
                let response = try await pool.exchange(
                    .test(.put, "/", [.expect: "100-continue"]),
                    body: .bytes(ByteBuffer(string: "hello")),
                    to: target,
                    timeouts: .tiny()
                ) { await seen.add($0.status.code) }
                #expect(try await response.text() == "ok")
                #expect(await seen.codes == [100])
                #expect(origin.received().contains("Expect: 100-continue\r\n"))
            }
        }
    }

    @Test("a final answer instead of 100 keeps the body here and ends the connection")
    func expectRefused() async throws {
        let answer = "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"
        try await RawOrigin.with([.request, .send(answer)]) { origin, target in
            try await withPool { pool in
                let response = try await pool.exchange(
                    .test(.put, "/", [.expect: "100-continue"]),
                    body: .bytes(ByteBuffer(string: "hello")),
                    to: target,
                    timeouts: .tiny()
                )
                #expect(response.head.status.code == 417)
                _ = try await response.text()
                await origin.closed.wait()
                #expect(origin.received().hasSuffix("\r\n\r\n"))
            }
        }
    }

    @Test("a body is sent without 100 after a while")
    func expectUnanswered() async throws {
        try await RawOrigin.with([.receive("hello"), .send(ok)]) { _, target in
            try await withPool { pool in
                let response = try await pool.exchange(
                    .test(.put, "/", [.expect: "100-continue"]),
                    body: .stream(Parts(["hello"]), length: 5),
                    to: target,
                    timeouts: .tiny(\.continuation)
                )
                #expect(try await response.text() == "ok")
            }
        }
    }

    @Test("an upstream may answer while the request is still being sent")
    func bidirectional() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let script: [Step] = [.request, .send(head + "3\r\none\r\n"), .receive("0\r\n\r\n"), .send("0\r\n\r\n")]
        try await RawOrigin.with(script) { origin, target in
            try await withPool { pool in
                let answered = Gate()
                let body = UpstreamRequestBody.stream(Parts(["hello"], after: answered), length: nil)
                let response = try await pool.exchange(.test(.post), body: body, to: target)
                var parts = response.body.makeAsyncIterator()
                #expect(try await parts.next().map { String(buffer: $0) } == "one")
                answered.open()
                #expect(try await parts.next() == nil)
                #expect(origin.received().hasSuffix("5\r\nhello\r\n0\r\n\r\n"))
            }
        }
    }

    @Test("a target with TLS is spoken to under its name")
    func tls() async throws {
        let script: [Step] = [.request, .send(ok)]
        try await RawOrigin.with(script, tls: TestCertificate.serverContext()) { origin, target in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates([try TestCertificate.certificate()])
            try await withPool(tls: tls, resolver: LoopbackResolver()) { pool in
                let named = UpstreamTarget(host: "upstream.test", port: target.port, isTLS: true)
                let text = try await pool.text(from: named)
                #expect(text == "ok")
                let other = UpstreamTarget(host: "other.test", port: target.port, isTLS: true)
                let error = await failure { () throws(UpstreamError) in
                    _ = try await pool.exchange(.test(), to: other)
                }
                #expect(error == .tlsFailed)
            }
        }
    }
}
