import Testing

/// The style's rules that a machine can check, against this checkout.
@Suite("The tree is tidy")
struct TidyTests {
    private let tree = SourceTree.repository

    @Test("files, functions and lines are short")
    func sizes() { expectNone(tree.violations(of: SizeRule())) }

    @Test("names say something")
    func names() { expectNone(tree.violations(of: NameRule())) }

    @Test("one type per file, named for it")
    func types() { expectNone(tree.violations(of: OneTypeRule())) }

    @Test("work that is left names an issue")
    func markers() { expectNone(tree.violations(of: MarkerRule())) }

    @Test("calls that have one home stay there")
    func calls() { expectNone(tree.violations(of: CallRule())) }

    @Test("what the compiler cannot check has a reason")
    func safety() { expectNone(tree.violations(of: SafetyRule())) }

    @Test("imports go downward")
    func layers() { expectNone(tree.violations(of: LayerRule())) }

    @Test("every module is known and says what it promises")
    func modules() { expectNone(ModuleTableRule().violations(in: tree)) }

    @Test("nothing names a place of one machine")
    func machinePaths() { expectNone(tree.violations(of: MachinePathRule())) }

    @Test("pages have one first-level heading")
    func headings() { expectNone(tree.violations(of: MarkdownRule())) }

    @Test("links between pages lead somewhere")
    func links() { expectNone(LinkRule().violations(in: tree)) }

    @Test("every format page names its golden")
    func formats() { expectNone(FormatPageRule().violations(in: tree)) }

    @Test("every fixture has its origin and licence")
    func fixtures() { expectNone(FixtureRule().violations(in: tree)) }

    @Test("the checkout was found and read")
    func found() {
        #expect(tree.files.contains { $0.path == "Package.swift" && $0.tokens.count > 100 })
        #expect(tree.paths.contains("Tests/TidyTests/TidyTests.swift"))
    }

    private func expectNone(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            violations.isEmpty,
            "\(violations.map(\.description).joined(separator: "\n"))",
            sourceLocation: sourceLocation
        )
    }
}
