import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Targeted cache control (RFC 9213)")
struct TargetedCacheControlTests {
    @Test("the targeted field is a dictionary of structured fields; unknown members and parameters don't matter")
    func dictionary() throws {
        let directives = try #require(CacheControl(targeted: ["foobar, max-age=3600;x=1, y=(a b)", "must-revalidate"]))
        #expect(directives.maxAge == 3_600)
        #expect(directives.flags == .mustRevalidate)
        #expect(CacheControl(targeted: ["no-store=?0, max-age=5"])?.flags == [])
        #expect(CacheControl(targeted: ["private=\"a\""])?.restrictedFields.count == 1)
        #expect(CacheControl(targeted: ["max-age=999999999999999"])?.maxAge == 1_000_000_000_000)
        #expect(CacheControl(targeted: ["max-age=5, max-age=7"])?.maxAge == 7, "the last member counts")
    }

    @Test(
        "an empty or bad one, or a directive with a value of the wrong type, is ignored (section 2.1)",
        arguments: [
            "", "  ", "max-age=10000, &&&&&", "max-age=\"10000\"", "max-age =100", "max-age= 100", "MaX-aGe=3600",
            "max-age=1.5", "max-age", "max-age=-1", "no-store=1", "max-age=(1)", "private=a", "max-age=1,",
            "max-age=9999999999999999",
        ]
    )
    func ignored(text: String) {
        #expect(CacheControl(targeted: [text]) == nil)
        let lines = [("Cache-Control", "max-age=60"), ("CDN-Cache-Control", text)]
        #expect(Sample.freshSeconds(lines) == 60)
    }

    @Test("it counts instead of Cache-Control and Expires (section 2.2)")
    func precedence() {
        let longer = [("Cache-Control", "max-age=1"), ("CDN-Cache-Control", "max-age=3600")]
        #expect(Sample.freshSeconds(longer) == 3_600)
        let shorter = [("Cache-Control", "max-age=3600"), ("CDN-Cache-Control", "max-age=1")]
        #expect(Sample.freshSeconds(shorter) == 1)
        let expired = [("CDN-Cache-Control", "max-age=3600"), ("Expires", Sample.text(-10_000))]
        #expect(Sample.freshSeconds(expired) == 3_600)
        let zero = [("CDN-Cache-Control", "max-age=0"), ("Expires", Sample.text(10_000))]
        #expect(Sample.policy(zero).isFresh(at: Sample.now) == false)
        let noLifetime = [("CDN-Cache-Control", "public"), ("Expires", Sample.text(10_000))]
        #expect(Sample.freshSeconds(noLifetime) == nil)
        let overridden = [("Cache-Control", "no-store"), ("CDN-Cache-Control", "max-age=10000")]
        #expect(Sample.policy(overridden).storability == .store)
        #expect(Sample.policy(overridden).flags.contains(.isTargeted))
    }

    @Test("it prohibits what Cache-Control prohibits")
    func prohibitions() {
        func policy(_ text: String) -> ResponsePolicy {
            Sample.policy([("CDN-Cache-Control", text), ("Cache-Control", "max-age=10000")])
        }
        #expect(policy("no-store").storability == .no(.responseNoStore))
        #expect(policy("private").storability == .no(.isPrivate))
        #expect(policy("no-cache").freshUntilMilliseconds == 0)
    }

    @Test("an operator's own targeted field goes first")
    func configured() {
        var settings = CachingSettings()
        settings.targetedFields.insert(.init("Vitrine-Cache-Control") ?? .cdnCacheControl, at: 0)
        let lines = [("CDN-Cache-Control", "max-age=1"), ("Vitrine-Cache-Control", "max-age=9")]
        let policy = Sample.stored(200, lines, settings: settings).policy
        #expect(policy.freshUntilMilliseconds == Sample.now + 9_000)
    }
}
