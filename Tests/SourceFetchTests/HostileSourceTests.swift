import DeliveryTypes
import Originals
import Testing

@Suite("Hostile web servers", .timeLimit(.minutes(2)))
struct HostileSourceTests {
    private static let ok = "HTTP/1.1 200 OK\r\n"

    private static let closedEarly = SourceError.broken("the source closed the connection early")
    private static let notHTTP = SourceError.broken("the source does not speak HTTP properly")

    private func expect(
        _ error: SourceError,
        idleTimeout: Duration = .seconds(60),
        deadline: Duration = .seconds(60),
        from script: @escaping HostileOrigin.Script
    ) async throws {
        try await HostileOrigin.run(["/a": script]) { origin in
            try await withFetcher(
                configured {
                    $0.limits = FetchLimits(bytesMax: 1 << 20, deadline: deadline)
                    $0.remote.idleTimeout = idleTimeout
                    $0.remote.keepAlive = .milliseconds(20)
                }
            ) { fetcher in
                await #expect(throws: error) { try await fetcher.fetch(.remote("\(origin.url)/a")) }
                #expect(fetcher.fetchesUnderWay == 0)
                // Whatever it was, the connection is given up.
                while origin.counts.open > 0 { await Task.yield() }
            }
        }
    }

    @Test("a source that hangs before its answer is given up after the idle time")
    func hangsBeforeHead() async throws {
        try await expect(.timedOut(.idle), idleTimeout: .milliseconds(100), from: Scripts.hang)
        try await expect(.timedOut(.total), deadline: .milliseconds(100), from: Scripts.hang)
    }

    @Test("a source that hangs in the middle of its head or body is given up after the idle time")
    func hangsInside() async throws {
        for text in ["\(Self.ok)content-le", "\(Self.ok)content-length: 100\r\n\r\nabc"] {
            try await expect(.timedOut(.idle), idleTimeout: .milliseconds(100), from: Scripts.send(text))
            try await expect(.timedOut(.total), deadline: .milliseconds(100), from: Scripts.send(text))
        }
    }

    @Test("a source that drips its head, its body or interim answers is given up at the deadline")
    func drips() async throws {
        let body = Scripts.drip("\(Self.ok)content-length: 100000\r\n\r\n", piece: "b")
        let head = Scripts.drip("\(Self.ok)a: ", piece: "b")
        let interim = Scripts.drip("", piece: "HTTP/1.1 102 Processing\r\n\r\n")
        for script in [body, head, interim] {
            try await expect(.timedOut(.total), deadline: .milliseconds(300), from: script)
        }
        // A piece of a head does not end the silence.
        try await expect(.timedOut(.idle), idleTimeout: .milliseconds(200), from: head)
    }

    @Test("a declared length over the limit is refused before the body")
    func declaresTooMuch() async throws {
        try await expect(
            .tooLarge(limit: 1 << 20),
            from: Scripts.send("\(Self.ok)content-length: \(10 << 30)\r\n\r\n")
        )
        try await expect(.tooLarge(limit: 1 << 20), from: Scripts.send("\(Self.ok)content-length: 1048577\r\n\r\n"))
    }

    @Test("a body without end is cut off at the limit")
    func endless() async throws {
        let piece = String(repeating: "a", count: 0x8000)
        try await expect(
            .tooLarge(limit: 1 << 20),
            from: Scripts.endless("\(Self.ok)transfer-encoding: chunked\r\n\r\n", piece: "8000\r\n\(piece)\r\n")
        )
        try await expect(.tooLarge(limit: 1 << 20), from: Scripts.endless("HTTP/1.0 200 OK\r\n\r\n", piece: piece))
    }

    @Test("fewer bytes than declared are an error, not a shorter picture")
    func liesLong() async throws {
        try await expect(Self.closedEarly, from: Scripts.close("\(Self.ok)content-length: 100\r\n\r\nabc"))
        try await expect(
            Self.closedEarly,
            from: Scripts.close("\(Self.ok)transfer-encoding: chunked\r\n\r\n5\r\nab")
        )
        try await expect(
            Self.closedEarly,
            from: Scripts.close("\(Self.ok)transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n")
        )
    }

    @Test("more bytes than declared are not taken")
    func liesShort() async throws {
        let long = Scripts.send("\(Self.ok)content-length: 3\r\n\r\nabcdefgh")
        try await HostileOrigin.run(["/a": long, "/b": Scripts.picture("b")]) { origin in
            try await withFetcher { fetcher in
                try await fetcher.expect("abc", at: "\(origin.url)/a")
                // The rest must not be taken for the next answer.
                try await fetcher.expect("b", at: "\(origin.url)/b")
                #expect(origin.counts.connections == 2)
            }
        }
    }

    @Test("a source that closes without an answer is tried once more and then given up")
    func closesEarly() async throws {
        try await HostileOrigin.run(["/a": Scripts.close("")]) { origin in
            try await withFetcher { fetcher in
                await #expect(throws: Self.closedEarly) { try await fetcher.fetch(.remote("\(origin.url)/a")) }
                #expect(origin.counts.connections == 2)
            }
        }
    }

    @Test(
        "what is no proper HTTP is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}",
            "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 1e9\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ]
    )
    func garbage(answer: String) async throws {
        try await HostileOrigin.run(["/a": Scripts.close(answer)]) { origin in
            try await withFetcher { fetcher in
                do throws(SourceError) {
                    _ = try await fetcher.fetch(.remote("\(origin.url)/a"))
                    Issue.record("was accepted")
                } catch {
                    guard case .broken = error else {
                        Issue.record("\(error)")
                        return
                    }
                }
            }
        }
    }

    @Test("huge, many and endless header fields are refused")
    func headers() async throws {
        let field = "x: \(String(repeating: "a", count: 70 << 10))\r\n"
        let fields = String(repeating: "x: y\r\n", count: 10000)
        let many = (0..<300).map { "x-\($0): 1\r\n" }.joined()
        for script in [
            Scripts.send("\(Self.ok)\(field)content-length: 0\r\n\r\n"),
            Scripts.send("\(Self.ok)\(many)content-length: 0\r\n\r\n"),
            Scripts.endless(Self.ok, piece: "x: \(String(repeating: "a", count: 40000))\r\n"),
            Scripts.endless("\(Self.ok)x: ", piece: String(repeating: "a", count: 40000)),
            Scripts.endless(Self.ok, piece: fields),
            Scripts.endless("\(Self.ok)transfer-encoding: chunked\r\n\r\n0\r\n", piece: fields),
        ] {
            try await HostileOrigin.run(["/a": script]) { origin in
                try await withFetcher { fetcher in
                    do throws(SourceError) {
                        _ = try await fetcher.fetch(.remote("\(origin.url)/a"))
                        Issue.record("was accepted")
                    } catch {
                        guard case .broken = error else {
                            Issue.record("\(error)")
                            return
                        }
                    }
                }
            }
        }
    }

    @Test("an encoding that was not asked for is refused, whatever it would unpack to")
    func contentEncoding() async throws {
        try await expect(
            .broken("the source sent a content encoding that was not asked for"),
            from: Scripts.picture("abc", fields: "content-encoding: gzip\r\n")
        )
    }

    @Test("a name server that never answers costs no more than the deadline")
    func hangingResolver() async throws {
        let brief = configured { $0.limits.deadline = .milliseconds(50) }
        try await withFetcher(brief, resolver: HangingResolver()) { fetcher in
            await #expect(throws: SourceError.timedOut(.total)) {
                try await fetcher.fetch(.remote("http://origin.test/"))
            }
        }
    }

    @Test("nobody listening and unknown names are unreachable")
    func unreachable() async throws {
        var port = 0
        try await HostileOrigin.run([:]) { port = $0.port }
        try await withFetcher { fetcher in
            await #expect(throws: SourceError.unreachable) {
                try await fetcher.fetch(.remote("http://\(HostileOrigin.address):\(port)/"))
            }
            await #expect(throws: SourceError.unreachable) { try await fetcher.fetch(.remote("http://nowhere.test/")) }
        }
    }
}
