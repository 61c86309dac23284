import HTTPSemantics
import Testing

@Suite("Freshness and age (RFC 9111 sections 4.2, 5.1 and 5.3)")
struct FreshnessTests {
    @Test("s-maxage counts before max-age, max-age before Expires (section 4.2.1)")
    func precedence() {
        #expect(Sample.freshSeconds([("Cache-Control", "max-age=3600, s-maxage=1")]) == 1)
        #expect(Sample.freshSeconds([("Cache-Control", "s-maxage=3600"), ("Cache-Control", "max-age=1")]) == 3_600)
        #expect(Sample.freshSeconds([("Cache-Control", "max-age=0, s-maxage=9"), ("Expires", Sample.text(-9))]) == 9)
        #expect(Sample.freshSeconds([("Cache-Control", "max-age=3600"), ("Expires", "0")]) == 3_600)
        let zero = Sample.policy([("Cache-Control", "max-age=0"), ("Expires", Sample.text(3_600)), ("ETag", "\"a\"")])
        #expect(!zero.isFresh(at: Sample.now))
    }

    @Test("Expires is reckoned from Date, or from the arrival without a valid one (section 4.2.1)")
    func expires() {
        #expect(Sample.freshSeconds([("Expires", Sample.text(60))]) == 60)
        #expect(Sample.freshSeconds([("Date", Sample.text(400)), ("Expires", Sample.text(430))]) == 30)
        #expect(Sample.freshSeconds([("Date", "foo"), ("Expires", Sample.text(10))]) == 10)
        #expect(Sample.freshSeconds([("Expires", "Thursday, 18-Aug-50 02:01:18 GMT")]) ?? 0 > 700_000_000)
        for text in [
            Sample.text(0), Sample.text(-60), "0", "Thu, 18 Aug 2050 02:01:18 UTC", "Thu, 18 Aug 50 02:01:18 GMT",
        ] {
            #expect(!Sample.policy([("Expires", text), ("ETag", "\"a\"")]).isFresh(at: Sample.now), "\(text)")
        }
    }

    @Test("Expires in the past of a Date in the future is stale")
    func expiresBeforeDate() {
        let policy = Sample.policy([("Expires", Sample.text(300)), ("Date", Sample.text(400))])
        #expect(!policy.isFresh(at: Sample.now))
    }

    @Test("two different Expires are stale, two equal ones are one (section 4.2.1)")
    func repeatedExpires() {
        let late = Sample.text(60)
        #expect(Sample.freshSeconds([("Expires", late), ("Expires", late)]) == 60)
        let policy = Sample.policy([("Expires", late), ("Expires", Sample.text(61))])
        #expect(!policy.isFresh(at: Sample.now))
    }

    @Test(
        "Age is the first member of the first line, or nothing if that is no integer (section 5.1)",
        arguments: [
            (["abc"], nil), (["-7200"], nil), (["7200.0"], nil), (["7200, 0"], 7_200), (["0, 7200"], 0),
            (["7200", "0"], 7_200), (["0", "7200"], 0), (["0, 0"], 0), (["2147483648"], 2_147_483_648), ([""], nil),
            (["99999999999999999999"], 1_000_000_000_000), (["7200;a=b"], nil), ([], nil),
        ] as [([String], Int64?)]
    )
    func ageField(lines: [String], expected: Int64?) {
        #expect(AgeField.seconds(in: Sample.fields(lines.map { ("Age", $0) })) == expected)
    }

    @Test("age counts against the lifetime, whatever Date says (section 4.2.3)")
    func ageCounts() {
        #expect(Sample.freshSeconds([("Cache-Control", "max-age=3600"), ("Age", "1800")]) == 1_800)
        let aged: [[(String, String)]] = [
            [("Cache-Control", "max-age=3600"), ("Age", "7200")],
            [("Cache-Control", "max-age=3600"), ("Age", "2147483649")],
            [("Date", Sample.text(-10)), ("Expires", Sample.text(10)), ("Age", "25")],
            [("Date", Sample.text(10)), ("Expires", Sample.text(20)), ("Age", "15")],
            [("Date", Sample.text(-7_200)), ("Cache-Control", "max-age=3600")],
        ]
        for lines in aged { #expect(!Sample.policy(lines).isFresh(at: Sample.now), "\(lines)") }
    }

    @Test("the corrected initial age is the larger of apparent and corrected age (section 4.2.3)")
    func initialAge() {
        func age(_ lines: [(String, String)], asked: Int64 = 0, answered: Int64 = 0) -> Int64 {
            ResponsePolicy(
                request: Sample.request(),
                response: Sample.response(200, lines),
                requestMilliseconds: Sample.now + asked,
                responseMilliseconds: Sample.now + answered
            ).ageAtResponseMilliseconds
        }
        #expect(age([("Date", Sample.date)]) == 0)
        #expect(age([("Date", Sample.text(-30))]) == 30_000)
        #expect(age([("Date", Sample.text(30))]) == 0, "a fast clock gives no negative age")
        #expect(age([("Date", Sample.date), ("Age", "7")], answered: 900) == 7_900, "the delay is added to Age")
        #expect(age([("Date", Sample.text(-30)), ("Age", "7")]) == 30_000)
        #expect(age([("Date", Sample.date)], answered: 999) == 999, "whole seconds of Date take nothing away")
        #expect(age([], answered: 5_000) == 5_000, "without Date only the delay counts")
        #expect(age([("Date", Sample.date)], asked: 9_000, answered: 0) == 0, "a clock set back does no harm")
    }

    @Test("the current age grows with residence and is told in whole seconds (section 4.2.3)")
    func currentAge() {
        let policy = Sample.policy([("Cache-Control", "max-age=600"), ("Age", "30")])
        #expect(policy.currentAgeMilliseconds(at: Sample.now + 2_999) == 32_999)
        #expect(policy.ageSeconds(at: Sample.now + 2_999) == 32)
        #expect(policy.ageSeconds(at: Sample.now - 5_000) == 30)
    }

    @Test("a response is fresh until its lifetime ends, and not at that moment")
    func boundary() {
        let policy = Sample.policy([("Cache-Control", "max-age=2")])
        #expect(policy.isFresh(at: Sample.now + 1_999))
        #expect(!policy.isFresh(at: Sample.now + 2_000))
    }

    @Test("huge lifetimes and ages do not overflow (section 1.2.2)")
    func huge() {
        let lines = [("Cache-Control", "max-age=99999999999999999999, stale-if-error=99999999999999999999")]
        let policy = Sample.policy(lines)
        #expect(policy.isFresh(at: Sample.now + 1_000_000_000_000))
        let old = Sample.policy([("Cache-Control", "max-age=9"), ("Age", "99999999999999999999"), ("ETag", "\"a\"")])
        #expect(!old.isFresh(at: Sample.now))
        #expect(old.ageSeconds(at: Sample.now) == 1_000_000_000_000)
    }

    @Test("without explicit freshness nothing is fresh, however old the change (section 4.2.2)")
    func noHeuristics() {
        #expect(Sample.freshSeconds([("Last-Modified", Sample.text(-86_400))]) == nil)
        #expect(Sample.freshSeconds([("Cache-Control", "public"), ("ETag", "\"a\"")]) == nil)
    }

    @Test("an operator may switch guessing on, for statuses that allow it")
    func heuristics() {
        var settings = CachingSettings()
        settings.heuristicPercent = 10
        func fresh(_ code: Int, _ lines: [(String, String)] = []) -> Int64 {
            let all = [("Last-Modified", Sample.text(-86_400))] + lines
            let policy = Sample.stored(code, all, settings: settings).policy
            return max(0, policy.freshUntilMilliseconds - Sample.now) / 1_000
        }
        for code in [200, 203, 204, 404, 405, 410, 414, 501] { #expect(fresh(code) == 8_640, "\(code)") }
        for code in [201, 202, 403, 502, 503, 504, 599] { #expect(fresh(code) == 0, "\(code)") }
        #expect(fresh(599, [("Cache-Control", "public")]) == 8_640)
        #expect(fresh(200, [("Cache-Control", "max-age=5")]) == 5)
    }
}
