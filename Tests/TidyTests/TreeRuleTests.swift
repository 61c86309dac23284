import Testing

/// The rules that look at several files at once can fail, too.
@Suite("Tidy rules over the tree")
struct TreeRuleTests {
    private static func page(_ text: String, at path: String = "docs/a.md") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test("a link that leads nowhere")
    func links() {
        let good = "[b](b.md) [c](../Sources/A/) [d](https://example.org/x) [e](#part) [f](b.md#part)"
        let tree = SourceTree(
            files: [Self.page(good), Self.page("", at: "docs/b.md")],
            otherPaths: ["Sources/A/B.swift"]
        )
        #expect(LinkRule().violations(in: tree).isEmpty)
        let bad = SourceTree(files: [Self.page("x\n[b](b.md) [c](../docs/a.md)")])
        #expect(
            LinkRule().violations(in: bad).map(\.description) == ["docs/a.md:2: a link to b.md, which is not there"]
        )
    }

    @Test("a fixture without a README line")
    func fixtures() {
        let readme = Self.page(
            "| `a.jpg` | made by us |\n| `hostile/` | all made by us |\n",
            at: "Tests/Fixtures/README.md"
        )
        let paths = ["Tests/Fixtures/a.jpg", "Tests/Fixtures/hostile/deep/b.png", "Tests/Other/x.bin"]
        #expect(FixtureRule().violations(in: SourceTree(files: [readme], otherPaths: paths)).isEmpty)
        let more = paths + ["Tests/Fixtures/c.jpg", "Tests/Fixtures/kind/a.jpg", "samples/d.jpg"]
        let violations = FixtureRule().violations(in: SourceTree(files: [readme], otherPaths: more))
        #expect(violations.map(\.path) == ["Tests/Fixtures/c.jpg", "Tests/Fixtures/kind/a.jpg", "samples/d.jpg"])
    }

    @Test("a format page without a golden, or with one that is gone")
    func formats() {
        let page = Self.page("Golden: `Tests/Goldens/a.txt`.", at: "docs/formats/a.md")
        #expect(FormatPageRule().violations(in: SourceTree(files: [page], otherPaths: ["Tests/Goldens/a.txt"])).isEmpty)
        #expect(FormatPageRule().violations(in: SourceTree(files: [page])).count == 2)
        let silent = Self.page("Bytes.", at: "docs/formats/b.md")
        #expect(FormatPageRule().violations(in: SourceTree(files: [silent])).count == 1)
    }

    @Test("a module that nobody knows, or that does not say what it promises")
    func modules() {
        let comment = "/// What.\n///\n/// It promises.\n"
        func tree(_ path: String, _ text: String) -> SourceTree {
            SourceTree(files: [SourceFile(path: path, text: text)])
        }
        let opening = "Sources/Telemetry/TelemetryBootstrap.swift"
        #expect(ModuleTableRule().violations(in: tree(opening, comment + "@frozen\npackage enum A {}")).isEmpty)
        #expect(ModuleTableRule().violations(in: tree(opening, "/// What.\npackage enum A {}")).count == 1)
        #expect(
            ModuleTableRule().violations(in: tree("Sources/Telemetry/Else.swift", comment + "enum A {}")).count == 1
        )
        #expect(ModuleTableRule().violations(in: tree("Sources/Attic/Attic.swift", comment + "enum A {}")).count == 1)
    }
}
