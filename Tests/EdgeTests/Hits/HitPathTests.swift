import Caching
import HTTPTypes
import NIOCore
import Testing

@testable import Edge

@Suite("Hits on the event loop", .timeLimit(.minutes(2)))
struct HitPathTests {
    private static let fields: HTTPFields = [
        .cacheControl: "max-age=60", .contentType: "text/plain", .eTag: "\"1\"",
        .lastModified: "Fri, 20 Nov 2026 00:00:00 GMT", .vary: "Accept-Language",
    ]
    private static let script: ScriptedOrigin.Script = { request, number, sink throws(EdgeFailure) in
        switch request.path {
        case "/gone": try await sink.answer(404, [.cacheControl: "max-age=60"], "nothing")
        case "/empty": try await sink.answer(204, [.cacheControl: "max-age=60"], "")
        case "/nobody": try await sink.answer(200, [.cacheControl: "max-age=60", .contentLength: "0"], "")
        default:
            let language = request.headerFields[.acceptLanguage] ?? "-"
            try await sink.answer(200, Self.fields, "number \(number) in \(language)")
        }
    }

    private static func hits(_ rig: EdgeRig) -> Int { rig.parts.metrics.requests(.hit) }

    /// What may differ between the two paths.
    private static let changing: Set<String> = ["cache-status", "traceparent"]

    private static func comparable(_ answer: RigAnswer) -> RigAnswer {
        var answer = answer
        answer.fields = answer.fields.filter { !changing.contains($0.name) }.sorted { $0.name < $1.name }
        return answer
    }

    private static let requests = [
        "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nAccept-Language: de\r\n\r\n",
        "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"1\"\r\n\r\n",
        "HEAD /x HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"1\"\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: Fri, 20 Nov 2026 00:00:00 GMT\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=2-4\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=-3\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=3-\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /x HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "GET /gone HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /nobody HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    /// Fills the cache, then asks everything again and sees what the clients get.
    private static func answers(hasShortcut: Bool) async throws -> [RigAnswer] {
        var options = EdgeRig.Options()
        options.hasShortcut = hasShortcut
        let (answers, collected) = AsyncStream.makeStream(of: RigAnswer.self)
        try await EdgeRig.run(options, script: script) { rig in
            for round in 0..<3 {
                rig.clock.advance(by: .seconds(3))
                for request in requests {
                    let client = try await rig.connect()
                    let answer = try await client.exchange(request)
                    if request.contains("close") || request.contains("1.0\r\nHost: a\r\n\r\n") {
                        await until { client.isEnded }
                    }
                    await client.close()
                    if round == 2 { collected.yield(answer) }
                }
            }
            #expect(hits(rig) >= (hasShortcut ? requests.count : 0))
            if !hasShortcut { #expect(hits(rig) == 0) }
        }
        collected.finish()
        return await answers.reduce(into: []) { $0.append($1) }
    }

    @Test("a hit on the event loop is answered as on the ordinary path")
    func agrees() async throws {
        let fast = try await Self.answers(hasShortcut: true)
        let ordinary = try await Self.answers(hasShortcut: false)
        #expect(fast.count == Self.requests.count)
        for (index, request) in Self.requests.enumerated() {
            #expect(Self.comparable(fast[index]) == Self.comparable(ordinary[index]), "\(request)")
            let status = fast[index]["cache-status"] ?? ""
            #expect(status.hasPrefix("vitrine; hit; ttl=") && status.hasSuffix("; detail=memory"), "\(status)")
            #expect(fast[index]["traceparent"]?.count == 55)
        }
    }

    @Test("the hit path serves until the moment that freshness ends")
    func expires() async throws {
        try await EdgeRig.run(script: Self.script) { rig in
            _ = try await rig.get("/x")
            _ = try await rig.get("/x")
            rig.clock.advance(by: .milliseconds(59_999))
            #expect(try await rig.get("/x").text == "number 1 in -")
            let before = Self.hits(rig)
            #expect(before > 0)
            rig.clock.advance(by: .milliseconds(1))
            #expect(try await rig.get("/x").text == "number 2 in -")
            #expect(Self.hits(rig) == before)
        }
    }

    @Test("what was purged is not served here, what was not still is")
    func purged() async throws {
        try await EdgeRig.run(script: Self.script) { rig in
            for _ in 0..<3 {
                _ = try await rig.get("/x")
                _ = try await rig.get("/y")
            }
            rig.parts.board.purge(.url("http://a/x"), .hard, floor: 0)
            #expect(try await rig.get("/x").text == "number 3 in -")
            #expect(try await rig.get("/y").text == "number 2 in -")
            let before = Self.hits(rig)
            #expect(try await rig.get("/y").text == "number 2 in -")
            #expect(Self.hits(rig) == before + 1)
        }
    }

    @Test("what was evicted is not served here")
    func evicted() async throws {
        var options = EdgeRig.Options()
        options.memoryBytes = 4_096
        try await EdgeRig.run(options, script: Self.script) { rig in
            for _ in 0..<3 { _ = try await rig.get("/x") }
            #expect(Self.hits(rig) > 0)
            for number in 0..<8 { _ = try await rig.get("/other\(number)") }
            #expect(try await rig.get("/x").text == "number 10 in -")
            #expect(rig.parts.store.front.count <= 4)
        }
    }

    @Test("fields that need thought, other hosts, and other spellings of a selecting field pass")
    func passes() async throws {
        try await EdgeRig.run(script: Self.script) { rig in
            for _ in 0..<3 { _ = try await rig.get("/x") }
            let before = Self.hits(rig)
            let lines = [
                "Cache-Control: max-age=1\r\n", "Pragma: no-cache\r\n", "Authorization: x\r\n", "If-Match: \"1\"\r\n",
                "If-Range: \"1\"\r\nRange: bytes=0-1\r\n", "If-None-Match: \"2\"\r\n", "Accept-Language: en\r\n",
                "Range: bytes=0-1,3-4\r\n", "If-Modified-Since: x\r\nIf-Modified-Since: y\r\n",
            ]
            for line in lines {
                _ = try await rig.get("/x", line)
                #expect(Self.hits(rig) == before, "\(line)")
            }
        }
    }

    @Test("pipelined hits and misses are answered in their order")
    func pipelined() async throws {
        try await EdgeRig.run(script: Self.script) { rig in
            for _ in 0..<2 { _ = try await rig.get("/x") }
            let client = try await rig.connect()
            let paths = ["/x", "/new1", "/x", "/x", "/new2", "/x"]
            client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            var texts: [String] = []
            for _ in paths { texts.append(try await client.next().text) }
            let numbers = [1, 2, 1, 1, 3, 1]
            #expect(texts == numbers.map { "number \($0) in -" })
        }
    }
}
