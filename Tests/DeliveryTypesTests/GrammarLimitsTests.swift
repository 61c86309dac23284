import DeliveryTypes
import Testing

@Suite("Limits of the grammar")
struct GrammarLimitsTests {
    @Test("a path may be as long as the limit and no longer")
    func pathLength() throws {
        let start = "/s/plain/local:///"
        let full = String(repeating: "a/", count: (GrammarLimits.pathBytesMax - start.utf8.count) / 2)
        let fault = Self.fault { _ = try DeliveryPath(parsing: start + full + "aaa") }
        #expect(fault?.option == "path")
        // Within the path's limit, the source's own is met first.
        #expect(Self.fault { _ = try DeliveryPath(parsing: start + full) }?.option == "source")
        #expect(
            Self.fault { _ = try Transformation(parsing: String(repeating: "w:1/", count: 4_097)) }?.option == "path"
        )
    }

    @Test("a source may be as long as the limit and no longer")
    func sourceLength() throws {
        let start = "local:///"
        let name = String(repeating: "a", count: GrammarLimits.sourceBytesMax - start.utf8.count)
        #expect(try SourceReference(parsing: start + name) == .local(name))
        #expect(Self.fault { _ = try SourceReference(parsing: start + name + "a") }?.reason.contains("4096") == true)
    }

    @Test("as many options as the limit are applied, and no more")
    func options() throws {
        let many = Array(repeating: Substring("w:1"), count: GrammarLimits.optionsMax)
        #expect(try Transformation(parsing: many).width == 1)
        #expect(Self.fault { _ = try Transformation(parsing: many + ["h:1"]) }?.option == "h")
    }

    @Test("an option takes as many arguments as the limit, and no more")
    func arguments() throws {
        let many = String(repeating: ":png", count: GrammarLimits.argumentsMax)
        #expect(try Transformation(parsing: "skp" + many).skipProcessing == [.png])
        #expect(Self.fault { _ = try Transformation(parsing: "skp" + many + ":gif") }?.option == "skp")
        let colons = "w" + String(repeating: ":", count: 10_000)
        #expect(Self.fault { _ = try Transformation(parsing: colons) }?.option == "w")
    }

    @Test("a URL has as many layers as the limit, and no more")
    func layers() throws {
        let many = Array(repeating: Substring("txt:YQ"), count: GrammarLimits.layersMax)
        #expect(try Transformation(parsing: many).layers.count == GrammarLimits.layersMax)
        #expect(Self.fault { _ = try Transformation(parsing: many + ["ly:aHR0cDovL2g"]) }?.option == "ly")
    }

    @Test("texts, fonts, file names and cache busters end at their limits")
    func texts() throws {
        func text(_ count: Int) -> String { Base64URL.encode(Array(repeating: UInt8(ascii: "a"), count: count)) }
        func letters(_ count: Int) -> String { String(repeating: "a", count: count) }
        _ = try Transformation(parsing: "txt:" + text(GrammarLimits.textBytesMax))
        #expect(Self.fault { _ = try Transformation(parsing: "txt:" + text(GrammarLimits.textBytesMax + 1)) } != nil)
        _ = try Transformation(parsing: "txt:YQ:::::::" + letters(GrammarLimits.fontBytesMax))
        let font = "txt:YQ:::::::" + letters(GrammarLimits.fontBytesMax + 1)
        #expect(Self.fault { _ = try Transformation(parsing: font) } != nil)
        _ = try Transformation(parsing: "fn:" + letters(GrammarLimits.filenameBytesMax))
        #expect(
            Self.fault { _ = try Transformation(parsing: "fn:" + letters(GrammarLimits.filenameBytesMax + 1)) } != nil
        )
        _ = try Transformation(parsing: "cb:" + letters(GrammarLimits.cacheBusterBytesMax))
        let buster = "cb:" + letters(GrammarLimits.cacheBusterBytesMax + 1)
        #expect(Self.fault { _ = try Transformation(parsing: buster) } != nil)
        let digits = "w:" + String(repeating: "0", count: GrammarLimits.numberCharactersMax)
        #expect(try Transformation(parsing: digits).width == 0)
        #expect(Self.fault { _ = try Transformation(parsing: digits + "0") }?.option == "w")
    }

    @Test(
        "numbers are taken up to their limits and refused beyond",
        arguments: [
            ("w", GrammarLimits.sideMax), ("mh", GrammarLimits.sideMax), ("pd", GrammarLimits.sideMax),
            ("pix", GrammarLimits.pixelateMax), ("mb", GrammarLimits.bytesMax), ("pg", GrammarLimits.pageMax),
            ("pgs", GrammarLimits.pageMax), ("exp", GrammarLimits.expiresMax), ("msfs", GrammarLimits.bytesMax),
            ("maf", GrammarLimits.pageMax), ("mrd", GrammarLimits.sideMax), ("z", Int(GrammarLimits.zoomMax)),
            ("dpr", Int(GrammarLimits.devicePixelRatioMax)), ("bl", Int(GrammarLimits.sigmaMax)),
            ("sh", Int(GrammarLimits.sigmaMax)), ("t", Int(GrammarLimits.thresholdMax)),
            ("msr", Int(GrammarLimits.megapixelsMax)), ("mafr", Int(GrammarLimits.megapixelsMax)),
            ("wm:1:ce:0:0", Int(GrammarLimits.scaleMax)), ("g:no", GrammarLimits.sideMax), ("c", GrammarLimits.sideMax),
            ("txt:YQ", Int(GrammarLimits.fontSizeMax)), ("q", 100),
        ]
    )
    func ranges(_ option: String, _ maximum: Int) throws {
        _ = try Transformation(parsing: "\(option):\(maximum)")
        let fault = Self.fault { _ = try Transformation(parsing: "\(option):\(maximum + 1)") }
        #expect(fault?.option == String(option.prefix { $0 != ":" }))
    }

    private static func fault(_ body: () throws -> Void) -> TransformationError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TransformationError
        }
    }
}
