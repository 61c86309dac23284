import Testing

/// Every rule can fail: a small bad example each, and the nearest good one.
@Suite("Tidy rules")
struct RuleTests {
    private static func swift(_ text: String, at path: String = "Sources/Imaging/Example.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    private static func messages(_ rule: some FileRule, _ file: SourceFile) -> [String] {
        rule.violations(in: file).map(\.description)
    }

    @Test("a file over 500 lines, a line over 120 columns")
    func sizes() {
        let long = Self.swift(String(repeating: "\n", count: 501))
        #expect(Self.messages(SizeRule(), long) == ["Sources/Imaging/Example.swift: 501 lines; split it by idea"])
        #expect(Self.messages(SizeRule(), Self.swift(String(repeating: "\n", count: 500))).isEmpty)
        let wide = Self.swift("\n" + String(repeating: "x", count: 121))
        #expect(Self.messages(SizeRule(), wide) == ["Sources/Imaging/Example.swift:2: 121 columns"])
        #expect(Self.messages(SizeRule(), Self.swift(String(repeating: "é", count: 120))).isEmpty)
        let page = SourceFile(path: "docs/x.md", text: String(repeating: "x", count: 300))
        #expect(Self.messages(SizeRule(), page).isEmpty)
    }

    @Test("a function over 70 lines, whatever stands in its strings, comments and signature")
    func functions() {
        func function(lines: Int) -> String {
            let body = String(repeating: "    call() // }\n", count: lines - 4)
            let head = "func f<T>(_ g: () -> Void = { }) -> T where T: P {\n"
            return head + "    let a = \"} \\(b(\"}\")) {\"\n/* } /* } */ */\n\(body)}\n"
        }
        #expect(Self.messages(SizeRule(), Self.swift(function(lines: 70))).isEmpty)
        #expect(
            Self.messages(SizeRule(), Self.swift("\n" + function(lines: 71)))
                == ["Sources/Imaging/Example.swift:2: a function of 71 lines"]
        )
        let requirement =
            "protocol P {\n    func f()\n    init()\n}\nstruct S {\n" + String(repeating: "\n", count: 80) + "}\n"
        #expect(Self.messages(SizeRule(), Self.swift(requirement)).isEmpty)
        let c = "int f(int a) {\n" + String(repeating: "  a++;\n", count: 70) + "}\n"
        #expect(SizeRule().violations(in: SourceFile(path: "Sources/CVips/f.c", text: c)).count == 1)
    }

    @Test(
        "names that say nothing",
        arguments: [
            "Sources/Imaging/ImageUtils.swift", "Sources/Helpers/A.swift", "Sources/Imaging/CacheManager.swift",
            "Sources/Imaging/URL+Extensions.swift", "Tests/CommonTests/A.swift", "scripts/misc.sh",
            "Sources/A/NewRaster.swift",
        ]
    )
    func badNames(path: String) {
        #expect(NameRule().violations(in: SourceFile(path: path, text: "")).count == 1)
    }

    @Test("names that only look like them", arguments: ["Base64URL", "Newton", "Renewal", "Commonality", "Miscount"])
    func goodNames(name: String) {
        #expect(NameRule().violations(in: Self.swift("struct \(name) {}", at: "Sources/A/\(name).swift")).isEmpty)
    }

    @Test("a type whose name says nothing")
    func typeNames() {
        let file = Self.swift("enum A {\n    final class RenderHelper {}\n}\n// struct Utils\n")
        #expect(
            Self.messages(NameRule(), file)
                == ["Sources/Imaging/Example.swift:2: \"helper\" in the name RenderHelper"]
        )
    }

    @Test("a second type, a file with another name, a type with its module's name")
    func types() {
        let good = "package struct Example {\n    enum Part {}\n}\nprivate struct Own {}\nextension Example {}\n"
        #expect(Self.messages(OneTypeRule(), Self.swift(good)).isEmpty)
        #expect(Self.messages(OneTypeRule(), Self.swift(good + "enum Other {}")).count == 1)
        #expect(Self.messages(OneTypeRule(), Self.swift("struct Else {}")).count == 1)
        #expect(Self.messages(OneTypeRule(), Self.swift("extension Int {}")).count == 1)
        #expect(
            Self.messages(OneTypeRule(), Self.swift("extension Int {}", at: "Sources/A/Int+Half.swift")).isEmpty
        )
        #expect(
            Self.messages(OneTypeRule(), Self.swift("enum Imaging {}", at: "Sources/Imaging/Imaging.swift")).count == 1
        )
    }

    @Test("left work without an issue")
    func markers() {
        let later = "TO" + "DO"
        #expect(Self.messages(MarkerRule(), Self.swift("// \(later): faster")).count == 1)
        #expect(Self.messages(MarkerRule(), Self.swift("// \(later)(#12): faster")).isEmpty)
        #expect(Self.messages(MarkerRule(), Self.swift("// FIX" + "ME #12")).count == 1)
    }

    @Test(
        "calls outside their home",
        arguments: [
            "print(1)", "let a = try! f()", "let a = try? f()", "Task { await f() }", "Task.detached { }",
            "let d = Date()",
            "let d = Date.now", "let t = ContinuousClock().now", "let d: Date = .now", "f(.now)",
            "let d = NIODeadline.now()",
            "let n = Int.random(in: 0...9)", "a.shuffled()", "a.randomElement()",
        ]
    )
    func badCalls(code: String) {
        #expect(CallRule().violations(in: Self.swift(code)).count == 1)
    }

    @Test(
        "calls that only look like them",
        arguments: [
            "output.print(1)", "func print(_ a: Int) {}", "// print(1)", "let s = \"print(1)\"", "let t = clock.now",
            "let t = self.clocks[0].now", "let n = Int.random(in: f(1)...9, using: &generator)", "let d = Date(a: 1)",
            "// The cause is in the log.\nlet a = try? f()", "// Awaited by `stop`.\nTask { await f() }",
            "let t = Task.isCancelled", "let random = 1",
        ]
    )
    func goodCalls(code: String) {
        #expect(CallRule().violations(in: Self.swift(code)).isEmpty)
    }

    @Test("the binary may print and tell the time, tests may not sleep")
    func homes() {
        #expect(CallRule().violations(in: Self.swift("print(Date.now)", at: "Sources/vitrine/A.swift")).isEmpty)
        let test = Self.swift("try await Task.sleep(for: .seconds(1))", at: "Tests/A/B.swift")
        #expect(CallRule().violations(in: test).count == 1)
    }

    @Test("what the compiler cannot check, without a reason or out of place")
    func safety() {
        let bad = [
            "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1", "let b = unsafe p.pointee",
        ]
        for code in bad {
            #expect(SafetyRule().violations(in: Self.swift(code)).count == 1, "\(code)")
            #expect(SafetyRule().violations(in: Self.swift("// SAFETY: because.\n" + code)).isEmpty, "\(code)")
        }
        let distant = "// SAFETY: because.\n" + String(repeating: "\n", count: 20) + bad[2]
        #expect(SafetyRule().violations(in: Self.swift(distant)).count == 1)
        let elsewhere = Self.swift("// SAFETY: because.\n" + bad[2], at: "Sources/DeliveryTypes/A.swift")
        #expect(SafetyRule().violations(in: elsewhere).count == 1)
        #expect(SafetyRule().violations(in: Self.swift("let m = Mode.unsafe\n@unsafe func f() {}")).isEmpty)
    }

    @Test(
        "imports that go up or sideways, or bring too much",
        arguments: [
            ("ObjectStorage", "package import Imaging"), ("DeliveryTypes", "import Telemetry"),
            ("Telemetry", "import struct Origin.Thing"), ("Imaging", "import Hummingbird"),
            ("Origin", "import ArgumentParser"), ("Origin", "import VitrineTesting"), ("Imaging", "import Foundation"),
            ("Imaging", "import XCTest"), ("Attic", "import Imaging"),
        ]
    )
    func badImports(module: String, code: String) {
        #expect(LayerRule().violations(in: Self.swift(code, at: "Sources/\(module)/A.swift")).count == 1)
    }

    @Test(
        "imports that go down",
        arguments: [
            ("ObjectStorage", "package import DeliveryTypes"), ("Origin", "import Hummingbird"),
            ("vitrine", "import Origin"),
            ("Imaging", "import FoundationEssentials"), ("Originals", "import enum Rendering.RenderingError"),
        ]
    )
    func goodImports(module: String, code: String) {
        #expect(LayerRule().violations(in: Self.swift(code, at: "Sources/\(module)/A.swift")).isEmpty)
    }

    @Test("a path of one machine")
    func machinePaths() {
        let path = ["", "root", ".cache"].joined(separator: "/")
        #expect(Self.messages(MachinePathRule(), SourceFile(path: "docs/a.md", text: "in \(path)")).count == 1)
        #expect(Self.messages(MachinePathRule(), SourceFile(path: "docs/a.md", text: "in /var/lib")).isEmpty)
    }

    @Test("a page with no heading, or two")
    func headings() {
        for (text, count) in [("# A\n\n```\n# comment\n```\n", 0), ("## A\n", 1), ("# A\n# B\n", 1)] {
            #expect(Self.messages(MarkdownRule(), SourceFile(path: "docs/a.md", text: text)).count == count)
        }
    }

    @Test("every module in the table is drawn only once")
    func table() {
        #expect(Set(Module.table.map(\.name)).count == Module.table.count)
    }
}
