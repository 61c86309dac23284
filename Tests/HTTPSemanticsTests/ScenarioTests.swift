import HTTPSemantics
import HTTPTypes
import Testing

/// Sequences of requests against a model of an edge.
@Suite("A cache that follows the decisions")
struct ScenarioTests {
    private let body = "0123456789"

    /// An edge whose origin answers with these fields and its own clock's `Date`.
    private func edge(_ code: Int = 200, _ lines: [(String, String)]) -> ModelEdge {
        var edge = ModelEdge()
        answer(&edge, code, lines)
        return edge
    }

    private func answer(_ edge: inout ModelEdge, _ code: Int = 200, _ lines: [(String, String)], body: String? = nil) {
        let seconds = (edge.now - Sample.now) / 1_000
        let response = Sample.response(code, [("Date", Sample.text(seconds))] + lines)
        let text = body ?? self.body
        edge.origin = { _ in (response, text) }
    }

    private func pass(_ edge: inout ModelEdge, seconds: Int64) { edge.now += seconds * 1_000 }

    @Test("a fresh response is reused with its Date and a growing Age, then fetched again")
    func reuse() {
        var edge = edge(200, [("Cache-Control", "max-age=10"), ("Age", "3")])
        #expect(!edge.handle(Sample.request()).isCached)
        pass(&edge, seconds: 3)
        let second = edge.handle(Sample.request())
        #expect(second.isCached)
        #expect(second.response.headerFields[.age] == "6")
        #expect(second.response.headerFields[.date] == Sample.date)
        #expect(second.body == body)
        #expect(!edge.handle(Sample.request(path: "/a?b=d")).isCached)
        pass(&edge, seconds: 4)
        #expect(!edge.handle(Sample.request()).isCached)
    }

    @Test("every final status with explicit freshness is reused", arguments: [204, 299, 303, 404, 499, 500, 503, 599])
    func statuses(code: Int) {
        var edge = edge(code, [("Cache-Control", "max-age=10")])
        _ = edge.handle(Sample.request())
        let second = edge.handle(Sample.request())
        #expect(second.response.status.code == code)
        #expect(edge.asked.count == 1)
    }

    @Test("a stale response is validated, updated and reused")
    func validation() {
        var edge = edge(200, [("Cache-Control", "max-age=2"), ("ETag", "\"a\""), ("Test", "A")])
        _ = edge.handle(Sample.request())
        pass(&edge, seconds: 3)
        answer(&edge, 304, [("ETag", "\"a\""), ("Test", "B")])
        let second = edge.handle(Sample.request())
        #expect(edge.asked.last?.headerFields[.ifNoneMatch] == "\"a\"")
        #expect(second.response.status == .ok)
        #expect(second.response.headerFields[.init("Test") ?? .age] == "B")
        #expect(second.body == body)
        pass(&edge, seconds: 1)
        #expect(edge.handle(Sample.request()).isCached)
    }

    @Test("no-cache is validated on each use, and what changed replaces it")
    func noCache() {
        var edge = edge(200, [("Cache-Control", "no-cache"), ("ETag", "\"a\"")])
        _ = edge.handle(Sample.request())
        answer(&edge, 200, [("Cache-Control", "max-age=9"), ("ETag", "\"b\"")], body: "new")
        #expect(edge.handle(Sample.request()).body == "new")
        let third = edge.handle(Sample.request())
        #expect(third.isCached && third.body == "new")
    }

    @Test("a 304 for another response is followed by an unconditional request")
    func otherNotModified() {
        var edge = edge(200, [("Cache-Control", "max-age=2"), ("ETag", "\"a\"")])
        _ = edge.handle(Sample.request())
        pass(&edge, seconds: 3)
        edge.origin = { request in
            request.headerFields.contains(.ifNoneMatch)
                ? (Sample.response(304, [("ETag", "\"b\"")]), "") : (Sample.response(200, [("ETag", "\"b\"")]), "new")
        }
        #expect(edge.handle(Sample.request()).body == "new")
        #expect(edge.asked.count == 3)
    }

    @Test("an older response is kept when a newer one may not be stored, and used if the client allows")
    func newerNoStore() {
        var edge = edge(200, [("Cache-Control", "max-age=100")])
        _ = edge.handle(Sample.request())
        answer(&edge, 200, [("Cache-Control", "no-store")], body: "new")
        #expect(edge.handle(Sample.request(.get, [("Cache-Control", "no-cache")])).body == "new")
        #expect(edge.handle(Sample.request()).body == body)
    }

    @Test("clients' conditions are answered from the store, after validation too")
    func clientConditions() {
        var edge = edge(
            200,
            [("Cache-Control", "max-age=2"), ("Last-Modified", Sample.text(-3_000)), ("ETag", "\"a\"")]
        )
        _ = edge.handle(Sample.request(.get, [("If-None-Match", "\"other\"")]))
        #expect(edge.asked.last?.headerFields[.ifNoneMatch] == nil, "the whole is fetched to be stored")
        let byTag = edge.handle(Sample.request(.get, [("If-None-Match", "\"a\"")]))
        #expect(byTag.isCached && byTag.response.status == .notModified)
        #expect(byTag.response.headerFields[.eTag] == "\"a\"")
        pass(&edge, seconds: 3)
        answer(&edge, 304, [])
        let byDate = edge.handle(Sample.request(.get, [("If-Modified-Since", Sample.text(-3_000))]))
        #expect(!byDate.isCached && byDate.response.status == .notModified)
    }

    @Test("variants live side by side, and languages find what they like best")
    func variants() {
        var edge = edge(
            200,
            [("Cache-Control", "max-age=100"), ("Vary", "Accept-Language"), ("Content-Language", "de")]
        )
        func ask(_ text: String) -> ModelEdge.Answer {
            edge.handle(Sample.request(.get, [("Accept-Language", text)]))
        }
        #expect(!ask("en, de").isCached)
        #expect(ask("DE ,EN").isCached)
        #expect(ask("fr;q=0.5, de").isCached)
        answer(&edge, 200, [("Cache-Control", "max-age=100"), ("Vary", "Accept-Language")], body: "fr")
        #expect(ask("fr").body == "fr")
        #expect(ask("en, de").body == body)
        #expect(ask("fr").isCached)
        #expect(!edge.handle(Sample.request()).isCached)
    }

    @Test("a stored part answers ranges within it, a whole response all ranges")
    func ranges() {
        var edge = edge(206, [("Cache-Control", "max-age=100"), ("Content-Range", "bytes 5-9/10")])
        answer(&edge, 206, [("Cache-Control", "max-age=100"), ("Content-Range", "bytes 5-9/10")], body: "56789")
        func ask(_ range: String?) -> ModelEdge.Answer {
            edge.handle(Sample.request(.get, range.map { [("Range", $0)] } ?? []))
        }
        #expect(ask("bytes=-5").body == "56789")
        #expect(edge.asked.last?.headerFields[.range] == "bytes=-5")
        let inner = ask("bytes=6-8")
        #expect(inner.isCached && inner.body == "678" && inner.response.status == .partialContent)
        answer(&edge, 200, [("Cache-Control", "max-age=100")])
        #expect(!ask(nil).isCached)
        #expect(edge.asked.last?.headerFields[.range] == nil)
        #expect(ask("bytes=1-").body == "123456789")
        #expect(ask("bytes=20-").response.status == .rangeNotSatisfiable)
        #expect(edge.asked.count == 2)
    }

    @Test("a stale response is served once more while it is validated, and not after the window")
    func staleWhileRevalidate() {
        var edge = edge(200, [("Cache-Control", "max-age=1, stale-while-revalidate=4"), ("ETag", "\"a\"")])
        _ = edge.handle(Sample.request())
        pass(&edge, seconds: 3)
        answer(&edge, 200, [("Cache-Control", "no-cache"), ("ETag", "\"b\"")], body: "new")
        #expect(edge.handle(Sample.request()).body == body)
        #expect(edge.asked.count == 2)
        #expect(edge.handle(Sample.request()).body == "new")
        #expect(edge.asked.count == 3)
    }

    @Test("when the origin is gone a stale response is served, unless it says no")
    func unreachable() {
        for (text, code) in [
            ("max-age=2", 200), ("max-age=2, must-revalidate", 502), ("max-age=2, proxy-revalidate", 502),
            ("max-age=2, s-maxage=2", 502), ("max-age=2, no-cache", 502), ("max-age=2, stale-if-error=60", 200),
        ] {
            var edge = edge(200, [("Cache-Control", text)])
            _ = edge.handle(Sample.request())
            pass(&edge, seconds: 3)
            edge.origin = { _ in nil }
            #expect(edge.handle(Sample.request()).response.status.code == code, "\(text)")
        }
        var edge = edge(200, [("Cache-Control", "max-age=2, stale-if-error=60")])
        _ = edge.handle(Sample.request())
        pass(&edge, seconds: 3)
        answer(&edge, 503, [])
        #expect(edge.handle(Sample.request()).response.status == .ok)
    }

    @Test("a successful unsafe request invalidates, a failed one does not")
    func invalidation() {
        for (code, isCached) in [(200, false), (303, false), (500, true), (404, true)] {
            var edge = edge(200, [("Cache-Control", "max-age=100")])
            _ = edge.handle(Sample.request())
            _ = edge.handle(Sample.request(path: "/other"))
            answer(&edge, code, [("Location", "/other")])
            _ = edge.handle(Sample.request(.post))
            answer(&edge, 200, [])
            #expect(edge.handle(Sample.request()).isCached == isCached, "\(code)")
            #expect(edge.handle(Sample.request(path: "/other")).isCached == isCached, "\(code)")
        }
    }

    @Test("a HEAD is answered from a fresh response, and updates a stale one")
    func head() {
        var edge = edge(200, [("Cache-Control", "max-age=2"), ("Test", "1")])
        _ = edge.handle(Sample.request())
        #expect(edge.handle(Sample.request(.head)).isCached)
        pass(&edge, seconds: 3)
        answer(&edge, 200, [("Cache-Control", "max-age=1000"), ("Test", "2")], body: "")
        #expect(!edge.handle(Sample.request(.head)).isCached)
        #expect(edge.asked.last?.method == .head)
        let after = edge.handle(Sample.request())
        #expect(after.isCached && after.body == body)
        #expect(after.response.headerFields[.init("Test") ?? .age] == "2")
    }

    @Test("without freshness and validator nothing is kept; only-if-cached is then 504")
    func nothingKept() {
        var edge = edge(200, [])
        _ = edge.handle(Sample.request())
        #expect(!edge.handle(Sample.request()).isCached)
        #expect(edge.handle(Sample.request(.get, [("Cache-Control", "only-if-cached")])).response.status.code == 504)
        #expect(edge.asked.count == 2)
    }

    @Test("answers to authorised requests are shared only if they say so")
    func authorization() {
        for (text, isCached) in [("max-age=9", false), ("max-age=9, public", true), ("s-maxage=9", true)] {
            var edge = edge(200, [("Cache-Control", text)])
            _ = edge.handle(Sample.request(.get, [("Authorization", "x")]))
            #expect(edge.handle(Sample.request()).isCached == isCached, "\(text)")
        }
    }
}
