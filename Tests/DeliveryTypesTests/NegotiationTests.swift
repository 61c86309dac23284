import DeliveryTypes
import Testing

@Suite("Negotiation")
struct NegotiationTests {
    static let all = Negotiation(formats: [.avif, .webp, .jxl])

    @Test(
        "formats that the client names are taken, the heaviest first",
        arguments: [
            (nil, []), ("", []), ("*/*", []), ("image/*", []), ("image/*,*/*;q=0.8", []),
            ("image/avif,image/webp,image/apng,*/*;q=0.8", [.avif, .webp]),
            ("image/webp,image/avif", [.avif, .webp]),
            ("image/avif;q=0.5,image/webp;q=0.9", [.webp, .avif]),
            ("image/avif;q=0,image/webp", [.webp]), ("image/avif;q=0.000,image/webp;q=0.001", [.webp]),
            ("IMAGE/WebP", [.webp]), ("image/webp ; q=1.000 , image/jxl", [.webp, .jxl]),
            ("image/webp;level=1;q=0.3", [.webp]), ("image/webp;x=\"a,b;q=0\";q=0.4", [.webp]),
            ("image/webp;q=0,image/webp;v=2", [.webp]),
            ("image/jpeg,image/webp;q=0.9", []), ("image/jpeg;q=0.9,image/webp", [.webp]),
            ("*/*,image/webp;q=0.5", []), ("image/*;q=0.4,image/webp;q=0.5,*/*", [.webp]),
            ("image/webpx", []), ("image/webp;q=2", []), ("image/webp;q=1.001", []), ("image/webp;q=.5", []),
            ("image/webp;q=0.1234", []), ("image/webp;q=", []), ("image/webp;q=-1", []), ("image/webp;q=abc", []),
            (",,;;,image/webp", [.webp]), ("text/html,application/xhtml+xml,image/png", []),
        ] as [(String?, [ImageFormat])]
    )
    func accept(_ header: String?, _ formats: [ImageFormat]) {
        #expect(Self.all.acceptedFormats(header) == formats)
    }

    @Test("only formats that the server offers are chosen")
    func offered() {
        #expect(Negotiation(formats: [.webp]).acceptedFormats("image/avif,image/webp") == [.webp])
        #expect(Negotiation(formats: [.webp, .avif]).acceptedFormats("image/avif,image/webp") == [.webp, .avif])
    }

    @Test("of an endless Accept header only the beginning is read")
    func endlessAccept() {
        let many = String(repeating: "a/b,", count: GrammarLimits.acceptRangesMax) + "image/webp"
        #expect(Self.all.acceptedFormats(many) == [])
        let long = String(repeating: " ", count: GrammarLimits.acceptBytesMax) + "image/webp"
        #expect(Self.all.acceptedFormats(long) == [])
        let few = String(repeating: "a/b,", count: GrammarLimits.acceptRangesMax - 1) + "image/webp"
        #expect(Self.all.acceptedFormats(few) == [.webp])
    }

    @Test(
        "hints set what the URL leaves open",
        arguments: [
            ("", "2", nil, 0, 2), ("", nil, "100", 100, 1), ("", "2", "100", 50, 2), ("", "2.625", "1000", 381, 2.625),
            ("w:150/dpr:3", "2", "100", 150, 3), ("dpr:1", "2", "100", 100, 1), ("dpr:3", "2", "300", 100, 3),
            ("h:50", "2", "100", 0, 2), ("w:10", nil, "100", 10, 1),
            ("", "100", nil, 0, 8), ("", "0.1", nil, 0, 0.5), ("", "0", nil, 0, 1), ("", "-2", nil, 0, 1),
            ("", "nan", nil, 0, 1), ("", "inf", nil, 0, 1), ("", "2,3", nil, 0, 1), ("", " 2 ", nil, 0, 2),
            ("", nil, "0", 0, 1), ("", nil, "-5", 0, 1), ("", nil, "1.5", 0, 1), ("", nil, "999999999", 16_384, 1),
            ("", nil, "99999999999999999999999", 0, 1), ("", "8", "1", 1, 8),
        ] as [(String, String?, String?, Int, Double)]
    )
    func hints(_ options: String, _ ratio: String?, _ width: String?, _ wide: Int, _ factor: Double) throws {
        let path = try Self.path(options)
        for hints in [RequestHints(secCHDPR: ratio, secCHWidth: width), RequestHints(dpr: ratio, width: width)] {
            let outcome = Self.all.outcome(for: path, hints: hints)
            #expect(outcome.transformation.width == wide)
            #expect(outcome.transformation.devicePixelRatio == factor)
        }
    }

    @Test("the new names of hints win over the old ones, which stand in for unreadable new ones")
    func hintNames() throws {
        let path = try Self.path("")
        let both = RequestHints(secCHDPR: "2", dpr: "3", secCHWidth: "100", width: "700")
        #expect(Self.all.outcome(for: path, hints: both).transformation.width == 50)
        let broken = RequestHints(secCHDPR: "x", dpr: "3")
        #expect(Self.all.outcome(for: path, hints: broken).transformation.devicePixelRatio == 3)
    }

    @Test("a preset that says dpr counts as the URL saying it")
    func presetRatio() throws {
        let path = try DeliveryPath(parsing: "/s/plain/http://h/a", presets: Presets(["default=dpr:1"]))
        #expect(Self.all.outcome(for: path, hints: .init(secCHDPR: "2")).transformation.devicePixelRatio == 1)
    }

    @Test("Save-Data leaves three quarters of the server's quality where the URL gives none")
    func saveData() throws {
        let saving = RequestHints(saveData: "on")
        let open = Self.all.outcome(for: try Self.path(""), hints: saving).transformation
        #expect(open.formatQuality == [.jpeg: 60, .webp: 59, .avif: 45, .jxl: 57])
        let jpeg = Self.all.outcome(for: try Self.path("f:jpg"), hints: saving).transformation
        #expect(jpeg.formatQuality == [.jpeg: 60])
        let some = Self.all.outcome(for: try Self.path("fq:avif:70/f:avif"), hints: saving).transformation
        #expect(some.formatQuality == [.avif: 70])
        for options in ["q:80", "aq:dssim", "mb:1000", "raw:1"] {
            let path = try Self.path(options)
            #expect(Self.all.outcome(for: path, hints: saving).transformation == path.transformation)
        }
        for value in ["off", "", "1", "only"] {
            let path = try Self.path("")
            #expect(Self.all.outcome(for: path, hints: .init(saveData: value)).transformation == path.transformation)
        }
        let list = Self.all.outcome(for: try Self.path("f:jpg"), hints: .init(saveData: "x, ON")).transformation
        #expect(list.formatQuality == [.jpeg: 60])
    }

    @Test(
        "Vary names the headers that could have mattered",
        arguments: [
            ("", ["Accept", "Sec-CH-DPR", "DPR", "Sec-CH-Width", "Width", "Save-Data"]),
            ("f:png", ["Sec-CH-DPR", "DPR", "Sec-CH-Width", "Width", "Save-Data"]),
            ("w:1", ["Accept", "Sec-CH-DPR", "DPR", "Save-Data"]),
            ("h:1/dpr:1", ["Accept", "Save-Data"]),
            ("h:1/dpr:1/q:50", ["Accept"]),
            ("h:1/dpr:1/q:50/f:webp", []),
            ("raw:1", []),
        ]
    )
    func varying(_ options: String, _ headers: [String]) throws {
        #expect(Self.all.outcome(for: try Self.path(options), hints: .init()).varyingHeaders == headers)
    }

    @Test("what the server has switched off does not count and does not vary")
    func switchedOff() throws {
        let plain = Negotiation(formats: [], usesClientHints: false, usesSaveData: false)
        let path = try Self.path("")
        let hints = RequestHints(accept: "image/avif", secCHDPR: "2", secCHWidth: "5", saveData: "on")
        let outcome = plain.outcome(for: path, hints: hints)
        #expect(outcome.transformation == path.transformation)
        #expect(outcome.formats.isEmpty)
        #expect(outcome.varyingHeaders.isEmpty)
    }

    @Test("the outcome says how to encode")
    func target() throws {
        let hints = RequestHints(accept: "image/avif,image/webp")
        #expect(Self.all.outcome(for: try Self.path(""), hints: hints).target == .negotiated([.avif, .webp]))
        #expect(Self.all.outcome(for: try Self.path("f:png"), hints: hints).target == .format(.png))
        #expect(Self.all.outcome(for: try Self.path(""), hints: .init()).target == .negotiated([]))
    }

    private static func path(_ options: String) throws -> DeliveryPath {
        try DeliveryPath(parsing: options.isEmpty ? "/s/plain/http://h/a" : "/s/\(options)/plain/http://h/a")
    }
}
