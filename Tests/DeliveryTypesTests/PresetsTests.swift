import DeliveryTypes
import Testing

@Suite("Presets")
struct PresetsTests {
    @Test("a preset stands for its options, at its place")
    func expansion() throws {
        let presets = try Presets(["test1=resizing_type:fill", "test2=blur:0.2/quality:50"])
        let both = try Transformation(parsing: "preset:test1:test2", presets: presets)
        #expect(both == (try Transformation(parsing: "rt:fill/bl:0.2/q:50")))
        #expect(try Transformation(parsing: "pr:test2/q:70", presets: presets).quality == 70)
        #expect(try Transformation(parsing: "q:70/pr:test2", presets: presets).quality == 50)
    }

    @Test("default comes first, and the URL's options after it")
    func defaultPreset() throws {
        let presets = try Presets(["default=rt:fill/bl:0.2/q:50", "sharp=sh:1"])
        let path = try DeliveryPath(parsing: "/s/q:70/pr:sharp/plain/http://h/a", presets: presets)
        #expect(path.transformation == (try Transformation(parsing: "rt:fill/bl:0.2/q:70/sh:1")))
        #expect(try Transformation(parsing: "", presets: presets).quality == 50)
        let information = try DeliveryPath(parsing: "/s/plain/http://h/a", purpose: .information, presets: presets)
        #expect(information.transformation == Transformation())
    }

    @Test("presets may include one another, also ones defined later")
    func nesting() throws {
        let presets = try Presets(["a=pr:b/w:1", "b=pr:c/h:2", "c=q:3"])
        #expect(try Transformation(parsing: "pr:a", presets: presets) == (try Transformation(parsing: "w:1/h:2/q:3")))
        #expect(presets.names == ["a", "b", "c"])
    }

    @Test("blank lines, comments and spaces around a definition are skipped; the later definition of a name counts")
    func definitions() throws {
        let presets = try Presets(["", "  # a comment", "  thumb = rs:fit:10:10/q:5 \t", "thumb=q:6"])
        #expect(presets.names == ["thumb"])
        #expect(try Transformation(parsing: "pr:thumb", presets: presets).canonicalOptions == "q:6")
    }

    @Test(
        "a broken preset is found when the set is made",
        arguments: [
            ("a", "a"), ("=w:1", ""), ("a=", "a"), ("a=w:1=2", "a=w:1=2"), ("a=w:1/", "a"), ("a=nope:1", "a"),
            ("a=w:x", "a"),
            ("a=pr:missing", "a"), ("a=pr:a", "a"), ("x:y=w:1", "x:y"), ("default=q:500", "default"), ("a=f:heic", "a"),
        ]
    )
    func broken(_ definition: String, _ name: String) {
        let error = #expect(throws: PresetsError.self) { try Presets([definition]) }
        #expect(error?.preset == name, "\(error?.description ?? "")")
    }

    @Test("presets that include themselves in a circle are refused")
    func circle() {
        let error = #expect(throws: PresetsError.self) { try Presets(["a=pr:b", "b=pr:c", "c=pr:a"]) }
        #expect(error?.reason.contains("includes itself") == true)
    }

    @Test("presets cannot nest deeper, or expand to more options, than the limits allow")
    func limits() throws {
        let depth = GrammarLimits.presetDepthMax
        let chain = (1..<depth).map { "p\($0)=pr:p\($0 + 1)" } + ["p\(depth)=w:1"]
        #expect(try Transformation(parsing: "pr:p1", presets: Presets(chain)).width == 1)
        let error = #expect(throws: PresetsError.self) { try Presets(chain + ["p0=pr:p1"]) }
        #expect(error?.reason.contains("deep") == true)
        // Each level doubles: 2^20 options if nobody counted.
        let doubling = (1...6).map { "d\($0)=pr:d\($0 - 1):d\($0 - 1):d\($0 - 1):d\($0 - 1)" } + ["d0=w:1/h:1"]
        let bomb = #expect(throws: PresetsError.self) { try Presets(doubling) }
        #expect(bomb?.reason.contains("at most \(GrammarLimits.optionsMax) options") == true)
        let many = (0...GrammarLimits.presetsMax).map { "n\($0)=w:1" }
        #expect(throws: PresetsError.self) { try Presets(many) }
        #expect(try Presets(many.dropLast()).names.count == GrammarLimits.presetsMax)
    }
}
