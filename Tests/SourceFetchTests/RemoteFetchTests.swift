import DeliveryTypes
import NIOCore
import Originals
import Testing

@Suite("Fetching from web servers", .timeLimit(.minutes(2)))
struct RemoteFetchTests {
    @Test("a picture arrives whole, with what the source says about it")
    func picture() async throws {
        let fields = "etag: \"v1\"\r\ncache-control: public, max-age=60\r\ncontent-type: image/png\r\n"
        try await HostileOrigin.run(["/a.png?x=1": Scripts.picture("bytes", fields: fields)]) { origin in
            try await withFetcher { fetcher in
                let fetched = try await fetcher.fetch(.remote("\(origin.url)/b/../a.png?x=1#y"))
                #expect(try fetched.text() == "bytes")
                #expect(fetched.facts.entityTag == "\"v1\"")
                #expect(fetched.facts.mediaType == "image/png")
                #expect(fetched.facts.maxAgeSeconds == 60)
            }
        }
    }

    @Test("the request carries our own user agent, the identity encoding and nothing secret")
    func request() async throws {
        try await HostileOrigin.run(["/a": Scripts.picture("x")]) { origin in
            try await withFetcher { fetcher in
                _ = try await fetcher.fetch(.remote("\(origin.url)/a"))
                let first = try #require(origin.counts.requests.first)
                let head = first.lowercased()
                #expect(head.contains("user-agent: vitrine"))
                #expect(head.contains("accept-encoding: identity"))
                #expect(head.contains("host: 127.8.8.8:\(origin.port)"))
                #expect(!head.contains("cookie") && !head.contains("authorization"))
            }
        }
    }

    @Test(
        "what is asked for is the canonical URL, byte for byte",
        arguments: [
            ("/a%2Fb/c%20d", "/a%2Fb/c%20d"), ("/a b?c d&e=%26+%", "/a%20b?c%20d&e=%26+%25"),
            ("/\u{65e5}?\u{672c}", "/%E6%97%A5?%E6%9C%AC"), ("/a;b=c,d@e:f!$'()*", "/a;b=c,d@e:f!$'()*"),
            ("//a///b", "//a///b"), ("/%e3%81%82", "/%e3%81%82"), ("/a?b?c/../d", "/a?b?c/../d"), ("?q", "/?q"),
        ]
    )
    func targets(written: String, asked: String) async throws {
        try await HostileOrigin.run([asked: Scripts.picture("x")]) { origin in
            try await withFetcher { fetcher in
                try await fetcher.expect("x", at: origin.url + written)
            }
        }
    }

    @Test("chunked bodies and bodies that end with the connection arrive whole")
    func otherFramings() async throws {
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        try await HostileOrigin.run([
            "/chunked": Scripts.send(chunked), "/closed": Scripts.close("HTTP/1.0 200 OK\r\n\r\nabcde"),
            "/empty": Scripts.picture(""),
        ]) { origin in
            try await withFetcher { fetcher in
                try await fetcher.expect("abcde", at: "\(origin.url)/chunked")
                try await fetcher.expect("abcde", at: "\(origin.url)/closed")
                try await fetcher.expect("", at: "\(origin.url)/empty")
            }
        }
    }

    @Test("one connection serves fetches that follow each other")
    func keepsConnection() async throws {
        try await HostileOrigin.run(["/a": Scripts.picture("a"), "/b": Scripts.picture("b")]) { origin in
            try await withFetcher { fetcher in
                try await fetcher.expect("a", at: "\(origin.url)/a")
                try await fetcher.expect("b", at: "\(origin.url)/b")
                #expect(origin.counts.connections == 1)
            }
        }
    }

    @Test(
        "statuses become errors that say what the caller can do",
        arguments: [
            (404, SourceError.notFound), (410, .notFound), (401, .accessDenied), (403, .accessDenied),
            (400, .refused(status: 400)), (429, .refused(status: 429)), (500, .refused(status: 500)),
            (503, .refused(status: 503)), (206, .refused(status: 206)), (304, .refused(status: 304)),
            (302, .refused(status: 302)), (299, .refused(status: 299)),
        ]
    )
    func statuses(status: Int, error: SourceError) async throws {
        let answer = Scripts.send("HTTP/1.1 \(status) Odd\r\ncontent-length: 0\r\n\r\n")
        try await HostileOrigin.run(["/a": answer]) { origin in
            try await withFetcher { fetcher in
                await #expect(throws: error) { try await fetcher.fetch(.remote("\(origin.url)/a")) }
            }
        }
    }

    @Test("equal fetches at the same time are one request")
    func collapses() async throws {
        let slow: HostileOrigin.Script = { channel, head in
            channel.eventLoop.scheduleTask(in: .milliseconds(50)) { Scripts.picture("once")(channel, head) }
        }
        try await HostileOrigin.run(["/a": slow]) { origin in
            try await withFetcher { fetcher in
                let texts = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<20 {
                        group.addTask { try await fetcher.text("\(origin.url)/a") }
                    }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(texts == ["once"])
                #expect(origin.counts.requests.count == 1)
                #expect(fetcher.fetchesUnderWay == 0)
            }
        }
    }

    @Test("one fetch too many is refused, and a cancelled one frees its place")
    func fetchesMax() async throws {
        try await HostileOrigin.run(["/hang": Scripts.hang, "/a": Scripts.picture("a")]) { origin in
            try await withFetcher(configured { $0.fetchesMax = 1 }) { fetcher in
                // Waited for below, after it has been cancelled.
                let hanging = Task { try await fetcher.fetch(.remote("\(origin.url)/hang")) }
                while origin.counts.requests.isEmpty { await Task.yield() }
                await #expect(throws: SourceError.overloaded) { try await fetcher.fetch(.remote("\(origin.url)/a")) }
                hanging.cancel()
                await #expect(throws: SourceError.cancelled) { try await hanging.value }
                try await fetcher.expect("a", at: "\(origin.url)/a")
                while origin.counts.open > 1 { await Task.yield() }
            }
        }
    }

    @Test("nothing is fetched unless a pattern allows it, and a URL's limits only narrow the configured ones")
    func allowList() async throws {
        try await HostileOrigin.run(["/open/a": Scripts.picture("12345")]) { origin in
            try await withFetcher(configured { $0.allowed = .nothing }) { fetcher in
                await #expect(throws: SourceError.notAllowed("the source is not in the allow-list")) {
                    try await fetcher.fetch(.remote("\(origin.url)/open/a"))
                }
            }
            try await withFetcher(
                configured {
                    $0.allowed = SourceAllowList(["\(origin.url)/open/"])
                    $0.limits.bytesMax = 5
                }
            ) { fetcher in
                try await fetcher.expect("12345", at: "\(origin.url)/open/a")
                let wide = FetchLimits(bytesMax: 100)
                try await fetcher.expect("12345", at: "\(origin.url)/open/a", limits: wide)
                let narrow = FetchLimits(bytesMax: 4)
                await #expect(throws: SourceError.tooLarge(limit: 4)) {
                    try await fetcher.fetch(.remote("\(origin.url)/open/a"), limits: narrow)
                }
                await #expect(throws: SourceError.notAllowed("the source is not in the allow-list")) {
                    try await fetcher.fetch(.remote("\(origin.url)/open/../a"))
                }
            }
        }
    }
}
