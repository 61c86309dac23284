import JSON
import Settings
import Testing

@Suite("Regular expressions")
struct PatternTests {
    @Test(
        "expressions match as in JavaScript",
        arguments: [
            ("", "", true), ("^a.c$", "abc", true), ("^a.c$", "a\nc", false), ("a|b|^$", "", true),
            ("(a+)+$", "aab", false),
            ("[^]", "\n", true), ("[]", "a", false), ("\\bfoo\\b", "a foo.", true), ("x{2,3}", "xx", true),
            ("x{,3}", "x{,3}", true), ("a{", "a{", true), ("]", "]", true), ("\\1(a)", "a", true),
            ("(a)\\1", "aa", true),
            ("(a)\\1", "ab", false), ("(?<n>b)\\k<n>", "bb", true), ("\\k<n>", "k<n>", true), ("\\101", "A", true),
            ("\\u{2}", "uu", true), ("(?=a)b", "ab", false), ("a(?!b)", "ac", true), ("(?<=a)b", "ab", true),
            ("(?<!a)b", "ab", false), ("(?=a)*b", "b", true), ("^(?:(?<=a))?b", "b", true), ("[\\d-x]", "-", true),
            ("\\cJ", "\n", true),
            ("^.$", "\u{1F600}", false), ("^..$", "\u{1F600}", true), ("\\ud83d", "\u{1F600}", true),
            ("(?:a|ab)(?:c|bcd)(?:d*)$", "abcd", true), ("(z)((a+)?(b+)?(c))*\\4", "zaacbbbcac", true),
        ] as [(ExactString, ExactString, Bool)]
    )
    func matching(source: ExactString, text: ExactString, expected: Bool) throws {
        #expect(try Pattern(javaScript: source).matches(text) == expected)
    }

    @Test(
        "ignoring case maps single units, and ASCII stays apart",
        arguments: [
            ("ABC", "abc", true), ("[a-z]", "Q", true), ("é", "É", true), ("k", "\u{212A}", false),
            ("s", "\u{17F}", false),
            ("ß", "SS", false), ("[^a]", "A", false), ("\u{3BC}", "\u{B5}", true), ("\\w", "\u{17F}", false),
        ] as [(ExactString, ExactString, Bool)]
    )
    func ignoringCase(source: ExactString, text: ExactString, expected: Bool) throws {
        #expect(try Pattern(javaScript: source, ignoringCase: true).matches(text) == expected)
    }

    @Test(
        "what JavaScript refuses is refused",
        arguments: [
            "(", ")", "[", "a**", "*", "+a", "?", "a{2,1}", "{1}", "(?a)", "(?<n>a)(?<n>b)", "(?<1>a)", "[z-a]", "\\",
            "(?<=a)*", "^*", "\\b+", "(?<n>a)\\k", "(?<n>a)\\k<m>", "(?i:a)",
        ] as [ExactString]
    )
    func refusal(source: ExactString) {
        #expect(throws: PatternError.self) { try Pattern(javaScript: source) }
    }

    @Test("what would take too much memory is refused")
    func limits() {
        let tooLarge = PatternError.tooLarge(max: 20_000)
        #expect(throws: tooLarge) { try Pattern(javaScript: "a{30000}") }
        #expect(throws: tooLarge) { try Pattern(javaScript: "(((a{100}){100}){100}){100}") }
        #expect(throws: tooLarge) { try Pattern(javaScript: "(((){1000}){1000}){1000}") }
        #expect(throws: tooLarge) { try Pattern(javaScript: "(?:){4294967295}") }
        let deep = ExactString(String(repeating: "(", count: 5_000))
        #expect(throws: PatternError.self) { try Pattern(javaScript: deep) }
    }

    @Test(
        "expressions that explode elsewhere take steps in proportion to the text",
        arguments: [
            "(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?=(a+)+b)a", "(?:a?){50}a{50}$",
        ]
    )
    func pathological(source: ExactString) throws {
        let pattern = try Pattern(javaScript: source)
        let short = pattern.trial(ExactString(String(repeating: "a", count: 100) + "!"))
        let long = pattern.trial(ExactString(String(repeating: "a", count: 200) + "!"))
        #expect(!short.isExhausted && !long.isExhausted)
        #expect(long.steps < short.steps * 3)
        #expect(long.steps < 100_000)
    }

    @Test("with back references the limit of steps holds")
    func backReferenceLimit() throws {
        let trial = try Pattern(javaScript: "(a*)*(a*)*\\1b$").trial(
            ExactString(String(repeating: "a", count: 60) + "!")
        )
        #expect(trial.isExhausted && !trial.matches)
        #expect(trial.steps <= Pattern.stepsMax(units: 100) + 100)
    }

    @Test("slashes with and without a backslash are slashes")
    func slashes() throws {
        #expect(try Pattern(authored: "^https?://x\\/y//$").matches("https://x/y//"))
    }

    @Test("mutated expressions compile or are refused, and answer within the limit", arguments: [1, 2, 3])
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sources = [
            "^(a|b)*c{2,3}?$", "[\\w-]+@(?:[a-z]+\\.)+com", "(?<!x)\\b(\\d{1,3})\\1(?=y|$)", "\\u0041|[^\\S\\x20]",
        ]
        var compiled = 0
        for _ in 0..<400 {
            let source = generator.mutated(
                sources.randomElement(using: &generator) ?? "",
                alphabet: "()[]{}*+?|\\^$.-,0123abdwsSDkux<>=!:"
            )
            let text = generator.mutated("abc@example.com 121y", alphabet: "abcxy01@. ")
            do throws(PatternError) {
                let pattern = try Pattern(javaScript: ExactString(source))
                compiled += 1
                #expect(pattern.trial(ExactString(text)).steps <= Pattern.stepsMax(units: 100) + 100)
            } catch {
                continue
            }
        }
        #expect(compiled > 40)
    }
}
