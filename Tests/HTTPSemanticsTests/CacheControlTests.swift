import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Cache-Control (RFC 9111 section 5.2)")
struct CacheControlTests {
    @Test("names are compared without case, unknown directives passed over")
    func names() {
        let directives = CacheControl(values: ["foobar, MaX-aGe=3600", "No-StOrE,, pUbLiC , x=\"y\""])
        #expect(directives.maxAge == 3_600)
        #expect(directives.flags == [.noStore, .isPublic])
    }

    @Test(
        "lifetimes are digits, as a token or quoted; anything else is 0, which is stale",
        arguments: [
            ("max-age=3600", 3_600), ("max-age=\"3600\"", 3_600), ("max-age=003600", 3_600), ("max-age=0", 0),
            ("max-age='3600'", 0), ("max-age=-3600", 0), ("max-age=3600.5", 0), ("max-age=a3600", 0),
            ("max-age=3600a", 0), ("max-age", 0), ("max-age=", 0), ("max-age= 3600", 0), ("max-age=\"36\\00\"", 3_600),
            ("max-age=2147483649", 2_147_483_649), ("max-age=99999999999999999999999", 1_000_000_000_000),
        ] as [(String, Int64)]
    )
    func lifetimes(text: String, expected: Int64) {
        #expect(CacheControl(values: [text]).maxAge == expected)
    }

    @Test("a space before the equals sign makes another name")
    func spaceBeforeEquals() {
        #expect(CacheControl(values: ["max-age =3600"]).maxAge == nil)
    }

    @Test("directives within quoted strings are text")
    func quotedText() {
        #expect(CacheControl(values: ["extension=\"max-age=3600, no-store\", max-age=1"]).maxAge == 1)
        #expect(CacheControl(values: ["max-age=1, extension=\"max-age=3600\""]).maxAge == 1)
        #expect(CacheControl(values: ["a=\"\\\", max-age=9\", max-age=1"]).maxAge == 1)
        #expect(!CacheControl(values: ["a=\", no-store"]).flags.contains(.noStore))
    }

    @Test("of different lifetimes the shortest counts, in one line or several (section 4.2.1)")
    func duplicates() {
        #expect(CacheControl(values: ["max-age=1800, max-age=1"]).maxAge == 1)
        #expect(CacheControl(values: ["max-age=1", "max-age=1800"]).maxAge == 1)
        #expect(CacheControl(values: ["s-maxage=9, s-maxage=x"]).sharedMaxAge == 0)
    }

    @Test("qualified no-cache and private name fields; a list without names is unqualified (sections 5.2.2.4, 5.2.2.7)")
    func qualified() {
        let directives = CacheControl(values: ["no-cache=\"a, Set-Cookie\", private=b"])
        #expect(directives.flags.isEmpty)
        #expect(directives.restrictedFields.map(\.canonicalName) == ["a", "set-cookie", "b"])
        #expect(CacheControl(values: ["no-cache=\"\""]).flags == .noCache)
        #expect(CacheControl(values: ["private=\"a b\""]).flags == .isPrivate)
        #expect(CacheControl(values: ["no-cache=\"a\", no-cache"]).flags == .noCache)
    }

    @Test("stale windows are read, bad ones are absent (RFC 5861)")
    func staleWindows() {
        let directives = CacheControl(values: ["stale-while-revalidate=30, stale-if-error=\"60\""])
        #expect(directives.staleWhileRevalidate == 30)
        #expect(directives.staleIfError == 60)
        #expect(CacheControl(values: ["stale-if-error=soon"]).staleIfError == nil)
    }

    @Test("request directives are read (section 5.2.1)")
    func request() {
        let directives = CacheControl(values: ["min-fresh=5, max-stale, only-if-cached"])
        #expect(directives.minFresh == 5)
        #expect(directives.maxStale == .max)
        #expect(directives.flags == .onlyIfCached)
        #expect(CacheControl(values: ["max-stale=7"]).maxStale == 7)
    }

    @Test("lists separate at commas outside quotes, empty members are left out (RFC 9110 section 5.6.1)")
    func lists() {
        #expect(Array(FieldList(" a ,, \"b,c\" ,\td;e=\"\\\",f\"")) == ["a", "\"b,c\"", "d;e=\"\\\",f\""])
        #expect(Array(FieldList("")).isEmpty)
        #expect(Array(FieldList(",\t ,")).isEmpty)
        #expect(Array(FieldList("a,\"b,c")) == ["a", "\"b,c"])
    }
}
