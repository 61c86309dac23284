import Publication
import Testing

@Suite("Names of apps")
struct AppNameTests {
    @Test("what can be part of a key and of a path is a name", arguments: ["a", "shop", "0.a_b-c", "x--", "9..9"])
    func good(_ text: String) {
        #expect(AppName(text)?.text == text)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "A", ".a", "-a", "_a", "a b", "a/b", "ä", "a\u{301}", "..", "a%", String(repeating: "a", count: 64),
        ]
    )
    func bad(_ text: String) {
        #expect(AppName(text) == nil)
    }

    @Test("a name has at most 63 bytes")
    func longest() {
        #expect(AppName(String(repeating: "a", count: 63)) != nil)
    }
}
