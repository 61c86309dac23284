import Testing

@Suite("The tidy tests' view of Swift")
struct SwiftLexerTests {
    private static func words(_ text: String) -> [String] {
        SwiftLexer(text).tokens.map(\.text)
    }

    @Test("strings of every form are one token")
    func strings() {
        #expect(Self.words(#"a = "x \" y""#) == ["a", "=", "\"\""])
        #expect(Self.words(##"a(#"x " \(b) \#(c("d")) y"#, e)"##) == ["a", "(", "\"\"", ",", "e", ")"])
        #expect(Self.words("a = \"\"\"\n  \"x\" \\(f(\"}\"))\n  \"\"\"\nb") == ["a", "=", "\"\"", "b"])
        #expect(Self.words("\"\\(a ? \"(\" : \")\") {\" }") == ["\"\"", "}"])
    }

    @Test("comments are no tokens, and their lines are known")
    func comments() {
        let lexer = SwiftLexer("a // one\n/* two\n /* nested */ \n*/ b\n\"// no\" /// four\n")
        #expect(lexer.tokens.map(\.text) == ["a", "b", "\"\""])
        #expect(lexer.tokens.map(\.line) == [1, 4, 5])
        #expect(lexer.comments.keys.sorted() == [1, 2, 3, 4, 5])
        #expect(lexer.comments[5] == "/// four")
    }

    @Test(
        "a file that ends in the middle of anything is read to its end",
        arguments: ["\"abc", "\"\\(", "/* x", "#\"", "\"\"\"\nx", "\\"]
    )
    func unfinished(text: String) {
        _ = SwiftLexer(text)
    }
}
