import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Forwarding (RFC 9110 section 7.6, RFC 9112 section 3.2, RFC 8586)")
struct ForwardingTests {
    private let identity = CacheIdentity(node: "n1")

    @Test("a request loses connection fields and gains the marks of this proxy (sections 7.6.1 and 7.6.3)")
    func request() {
        let client = Sample.request(
            .get,
            [
                ("Connection", "keep-alive, X-Mine, Range"), ("X-Mine", "1"), ("TE", "trailers"), ("Keep-Alive", "5"),
                ("Proxy-Authorization", "x"), ("Upgrade", "h2c"), ("Expect", "100-continue"), ("Range", "bytes=0-1"),
                ("Via", "1.0 fred"), ("X-Forwarded-For", "10.0.0.1"), ("Accept", "*/*"),
            ]
        )
        let sent = ForwardedMessage.request(client, by: identity, clientAddress: "192.0.2.7")
        #expect(
            sent.headerFields
                == Sample.fields([
                    ("Range", "bytes=0-1"), ("Via", "1.0 fred, 1.1 vitrine-n1"),
                    ("X-Forwarded-For", "10.0.0.1, 192.0.2.7"),
                    ("Accept", "*/*"), ("CDN-Loop", "vitrine; node=\"n1\""), ("X-Forwarded-Proto", "http"),
                    ("X-Forwarded-Host", "shop.test"),
                ])
        )
        #expect(sent.method == .get)
        #expect(sent.path == client.path)
    }

    @Test("a response loses connection fields and gains Via and Date; an interim one only loses")
    func response() {
        let lines = [("Connection", "close, b"), ("b", "2"), ("Transfer-Encoding", "chunked"), ("c", "3")]
        let final = ForwardedMessage.response(
            Sample.response(200, lines),
            by: identity,
            responseMilliseconds: Sample.now
        )
        #expect(final.headerFields == Sample.fields([("c", "3"), ("Via", "1.1 vitrine-n1"), ("Date", Sample.date)]))
        let interim = ForwardedMessage.response(
            Sample.response(103, lines + [("Link", "</a>")]),
            by: identity,
            responseMilliseconds: Sample.now
        )
        #expect(interim.headerFields == Sample.fields([("c", "3"), ("Link", "</a>")]))
    }

    @Test("Connection cannot remove what the message needs")
    func nominated() {
        let fields = Sample.fields([("Connection", "content-length, cdn-loop, via, cache-control, x, \"bad\", ")])
        #expect(HopByHop.nominated(by: fields).map(\.canonicalName) == ["x"])
    }

    @Test(
        "a request that was here before is looping (RFC 8586, RFC 9110 section 7.6.3)",
        arguments: [
            ("CDN-Loop", "vitrine; node=\"n1\"", true), ("CDN-Loop", "foo, Vitrine;node=n1;x=y", true),
            ("CDN-Loop", "vitrine; node=\"n2\"", false), ("CDN-Loop", "foo; node=\"n1\"", false),
            ("CDN-Loop", "foo;x=\"vitrine, n1\"", false), ("Via", "1.1 a, 1.1 vitrine-N1 (x)", true),
            ("Via", "1.1 vitrine-n2, 1.1 vitrine-n10", false), ("Via", "vitrine-n1", false),
            ("CDN-Loop", "vitrine, vitrine, vitrine", false), ("CDN-Loop", "vitrine, vitrine, vitrine, vitrine", true),
            ("CDN-Loop", ",,;", false),
        ]
    )
    func loops(name: String, value: String, isLooping: Bool) {
        #expect(identity.isLooping(Sample.fields([(name, value)])) == isLooping)
    }

    @Test("what this node sends, it recognises")
    func recognises() {
        let sent = ForwardedMessage.request(Sample.request(), by: identity, clientAddress: nil)
        #expect(identity.isLooping(sent.headerFields))
        #expect(!CacheIdentity(node: "n2").isLooping(sent.headerFields))
        #expect(!identity.isLooping([:]))
    }

    @Test("Max-Forwards of TRACE and OPTIONS is counted down (section 7.6.2)")
    func maxForwards() {
        func next(_ method: HTTPRequest.Method, _ value: String) -> String?? {
            ForwardedMessage.withOneForwardLess(Sample.request(method, [("Max-Forwards", value)])).map {
                $0.headerFields[.maxForwards]
            }
        }
        #expect(next(.options, "3") == .some("2"))
        #expect(next(.trace, "0") == .none)
        #expect(next(.get, "0") == .some("0"))
        #expect(next(.options, "x") == .some("x"))
    }

    @Test("request targets have the form their method allows (RFC 9112 section 3.2)")
    func targets() {
        #expect(RequestTarget("/a?b", method: "GET") == .origin(path: "/a?b"))
        #expect(RequestTarget("//x/y", method: "GET") == .origin(path: "//x/y"))
        #expect(
            RequestTarget("HTTP://Shop.test:80?q", method: "GET")
                == .absolute(scheme: "http", authority: "Shop.test:80", path: "/?q")
        )
        #expect(RequestTarget("*", method: "OPTIONS") == .asterisk)
        #expect(RequestTarget("[::1]:443", method: "CONNECT") == .authority("[::1]:443"))
        let bad = [
            ("*", "GET"), ("", "GET"), ("a", "GET"), ("/a b", "GET"), ("/a#b", "GET"), ("http://u@h/", "GET"),
            ("http:///a", "GET"), ("ftp://h/", "GET"), ("h", "CONNECT"), ("h:0", "CONNECT"), ("h:99999", "CONNECT"),
            ("/a", "CONNECT"), (":80", "CONNECT"), ("/a\u{7F}", "GET"),
            ("/" + String(repeating: "a", count: 8_192), "GET"),
        ]
        for (text, method) in bad { #expect(RequestTarget(text, method: method) == nil, "\(text)") }
    }
}
