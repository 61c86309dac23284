import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Using stored responses (RFC 9111 sections 4 and 5.2.1)")
struct DecisionTests {
    private let fresh = [("Cache-Control", "max-age=100"), ("ETag", "\"a\"")]

    @Test("a fresh response is served, a stale one validated, one without validator fetched")
    func basics() {
        #expect(Sample.decision(fresh, after: 99) == .serve)
        #expect(Sample.decision(fresh, after: 100) == .validate(.stale))
        #expect(Sample.decision([("Cache-Control", "max-age=100")], after: 100) == .forward(.stale))
    }

    @Test("no-cache is validated although it is fresh (section 5.2.2.4)")
    func noCache() {
        let lines = [("Cache-Control", "max-age=10000, No-CaChE"), ("ETag", "\"a\""), ("Expires", Sample.text(9_999))]
        #expect(Sample.decision(lines, after: 0) == .validate(.stale))
        #expect(!Sample.policy(lines).isReusableWithoutValidation)
    }

    @Test("what has no explicit freshness is validated on every use")
    func noFreshness() {
        #expect(Sample.decision([("Last-Modified", Sample.text(-9_000))], after: 0) == .validate(.stale))
    }

    @Test("must-revalidate changes nothing while fresh (section 5.2.2.2)")
    func mustRevalidate() {
        let lines = [("Cache-Control", "max-age=10, must-revalidate"), ("ETag", "\"a\"")]
        #expect(Sample.decision(lines, after: 9) == .serve)
        #expect(Sample.decision(lines, after: 10) == .validate(.stale))
    }

    @Test("a request's max-age, min-fresh and no-cache are obeyed (sections 5.2.1.1, 5.2.1.3, 5.2.1.4)")
    func requestDirectives() {
        func decision(_ text: String, after seconds: Int64 = 10) -> CachingDecision {
            Sample.decision(fresh, after: seconds, request: [("Cache-Control", text)])
        }
        #expect(decision("max-age=0") == .validate(.request))
        #expect(decision("max-age=9") == .validate(.request))
        #expect(decision("max-age=10") == .serve)
        #expect(decision("min-fresh=90") == .serve)
        #expect(decision("min-fresh=91") == .validate(.request))
        #expect(decision("no-cache") == .validate(.request))
        #expect(decision("no-store") == .forward(.request))
        #expect(decision("nothing-to-see-here") == .serve)
        #expect(decision("max-age=0, only-if-cached") == .gatewayTimeout)
    }

    @Test("max-stale takes stale responses that may be served stale (section 5.2.1.2)")
    func maxStale() {
        let stale = [("Cache-Control", "max-age=1")]
        func decision(_ lines: [(String, String)], _ text: String) -> CachingDecision {
            Sample.decision(lines, after: 11, request: [("Cache-Control", text)])
        }
        #expect(decision(stale, "max-stale=10") == .serve)
        #expect(decision(stale, "max-stale=9") == .forward(.stale))
        #expect(decision(stale, "max-stale") == .serve)
        #expect(decision([("Cache-Control", "max-age=1, must-revalidate")], "max-stale") == .forward(.stale))
        #expect(decision([("Cache-Control", "s-maxage=1")], "max-stale") == .forward(.stale))
        #expect(decision([("ETag", "\"a\"")], "max-stale") == .validate(.stale), "it was never fresh")
        #expect(decision(stale, "only-if-cached") == .gatewayTimeout)
        #expect(decision(stale, "only-if-cached, max-stale") == .serve)
    }

    @Test("Pragma: no-cache counts only without Cache-Control, other pragmas never (section 5.4)")
    func pragma() {
        #expect(Sample.decision(fresh, after: 0, request: [("Pragma", "no-cache")]) == .validate(.request))
        #expect(Sample.decision(fresh, after: 0, request: [("Pragma", "foo")]) == .serve)
        let both = [("Pragma", "no-cache"), ("Cache-Control", "x")]
        #expect(Sample.decision(fresh, after: 0, request: both) == .serve)
        #expect(Sample.decision(fresh + [("Pragma", "no-cache")], after: 0) == .serve, "in responses it means nothing")
    }

    @Test("an operator may have all of these ignored")
    func ignored() {
        var settings = CachingSettings()
        settings.honoursRequestDirectives = false
        let request = Sample.request(.get, [("Cache-Control", "no-cache, no-store, only-if-cached, max-age=0")])
        let policy = RequestPolicy(request, settings: settings)
        #expect(Sample.policy(fresh).decision(for: policy, at: Sample.now) == .serve)
        #expect(policy.decisionWithoutStored() == .forward(.uriMiss))
    }

    @Test("an immutable response is not validated for max-age=0, but for no-cache (RFC 8246 section 2)")
    func immutable() {
        let lines = [("Cache-Control", "max-age=100, immutable"), ("ETag", "\"a\"")]
        #expect(Sample.decision(lines, after: 50, request: [("Cache-Control", "max-age=0")]) == .serve)
        #expect(Sample.decision(lines, after: 50, request: [("Cache-Control", "no-cache")]) == .validate(.request))
        #expect(Sample.decision(lines, after: 100) == .validate(.stale))
    }

    @Test("only GET and HEAD use the store; a HEAD is passed on when the stored response is stale (section 4.3.5)")
    func methods() {
        func decision(_ method: HTTPRequest.Method, after seconds: Int64) -> CachingDecision {
            Sample.policy(fresh).decision(
                for: RequestPolicy(Sample.request(method)),
                at: Sample.now + seconds * 1_000
            )
        }
        #expect(decision(.head, after: 0) == .serve)
        #expect(decision(.head, after: 100) == .forward(.stale))
        #expect(decision(.post, after: 0) == .forward(.method))
        #expect(decision(HTTPRequest.Method("M-SEARCH") ?? .put, after: 0) == .forward(.method))
    }

    @Test("conditions meant for the origin are passed on (section 4.3.2)")
    func originConditions() {
        for name in ["If-Match", "If-Unmodified-Since"] {
            #expect(Sample.decision(fresh, after: 0, request: [(name, "\"a\"")]) == .forward(.request))
        }
    }

    @Test("only-if-cached is answered 504 on a miss (section 5.2.1.7)")
    func onlyIfCached() {
        let request = RequestPolicy(Sample.request(.get, [("Cache-Control", "only-if-cached")]))
        #expect(request.decisionWithoutStored() == .gatewayTimeout)
        #expect(RequestPolicy(Sample.request()).decisionWithoutStored(.varyMiss) == .forward(.varyMiss))
        #expect(RequestPolicy(Sample.request(.post)).decisionWithoutStored() == .forward(.method))
    }

    @Test("while it is validated a response is served for as long as it says (RFC 5861 section 3)")
    func staleWhileRevalidate() {
        let lines = [("Cache-Control", "max-age=1, stale-while-revalidate=4"), ("ETag", "\"a\"")]
        #expect(Sample.decision(lines, after: 0) == .serve)
        #expect(Sample.decision(lines, after: 4) == .serveAndRevalidate)
        #expect(Sample.decision(lines, after: 5) == .validate(.stale))
        #expect(Sample.decision(lines, after: 3, request: [("Cache-Control", "max-age=1")]) == .validate(.stale))
        #expect(Sample.decision(lines, after: 3, request: [("Cache-Control", "min-fresh=0")]) == .validate(.stale))
    }

    @Test("must-revalidate, proxy-revalidate and no-cache prohibit stale answers; s-maxage unless a window is given")
    func staleProhibited() {
        for text in ["must-revalidate", "proxy-revalidate", "no-cache"] {
            let lines = [("Cache-Control", "max-age=1, stale-while-revalidate=9, stale-if-error=9, \(text)")]
            #expect(Sample.decision(lines, after: 2) == .forward(.stale), "\(text)")
            #expect(!Sample.policy(lines).mayServeStale(after: .serverError, at: Sample.now + 2_000), "\(text)")
            #expect(!Sample.policy(lines).mayServeStale(after: .unreachable, at: Sample.now + 2_000), "\(text)")
        }
        let shared = [("Cache-Control", "max-age=2, s-maxage=2")]
        #expect(!Sample.policy(shared).mayServeStale(after: .unreachable, at: Sample.now + 3_000))
        let window = [("Cache-Control", "s-maxage=2, stale-while-revalidate=9")]
        #expect(Sample.decision(window, after: 3) == .serveAndRevalidate)
        #expect(!Sample.policy(window).mayServeStale(after: .unreachable, at: Sample.now + 3_000))
    }

    @Test("after errors a response is served for as long as it says, and unreachable upstreams give a day of grace")
    func staleIfError() {
        let lines = [("Cache-Control", "max-age=2, stale-if-error=60")]
        let policy = Sample.policy(lines)
        #expect(policy.mayServeStale(after: .serverError, at: Sample.now + 61_999))
        #expect(!policy.mayServeStale(after: .serverError, at: Sample.now + 62_000))
        #expect(policy.mayServeStale(after: .unreachable, at: Sample.now + 86_401_999))
        #expect(!policy.mayServeStale(after: .unreachable, at: Sample.now + 86_402_000))
        #expect(!Sample.policy([("Cache-Control", "max-age=2")]).mayServeStale(after: .serverError, at: Sample.now))
        var strict = CachingSettings()
        strict.graceMilliseconds = 0
        let none = Sample.stored(200, [("Cache-Control", "max-age=2")], settings: strict).policy
        #expect(!none.mayServeStale(after: .unreachable, at: Sample.now + 2_000))
        #expect(UpstreamFailure(statusCode: 503) == .serverError)
        #expect(UpstreamFailure(statusCode: 501) == nil)
    }
}
