import ObjectStorage
import Testing

struct ObjectKeyTests {
    @Test(
        "a key that could mean something else is refused",
        arguments: [
            "", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "../a", "a\u{0}b", "a\nb", "a\u{7f}",
            String(repeating: "a", count: 1025), String(repeating: "\u{e9}", count: 513),
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ObjectStoreError.self) { try ObjectKey(text) }
    }

    @Test("a key may have 1,024 bytes and any other text", arguments: ["a", "...", "a/..b", ".tmp", " ", "\u{1f5bc}"])
    func accepted(_ text: String) throws {
        #expect(try ObjectKey(text).text == text)
        #expect(try ObjectKey(String(repeating: "a", count: 1024)).text.utf8.count == 1024)
    }

    @Test("keys are equal by bytes, not by canonical equivalence")
    func bytes() throws {
        let composed = try ObjectKey("\u{e9}")
        let decomposed = try ObjectKey("e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test(
        "the media type follows from the extension",
        arguments: [
            ("a/x.jpg", "image/jpeg"), ("x.JPEG", "image/jpeg"), ("x.svg", "image/svg+xml"),
            ("x.json", "application/json"),
            ("x", "application/octet-stream"), ("a.png/x", "application/octet-stream"),
        ]
    )
    func mediaType(_ text: String, _ type: String) throws {
        #expect(try ObjectKey(text).mediaType == type)
    }

    @Test("a prefix is refused if no key can begin so", arguments: ["/", "a//", "../", "a/./b", "a\u{0}"])
    func prefixRefused(_ text: String) {
        #expect(throws: ObjectStoreError.self) { try ObjectPrefix(text) }
    }

    @Test("a prefix may end anywhere in a key", arguments: ["", "a", "a/", "a/b", "a/.", "a/.."])
    func prefixAccepted(_ text: String) throws {
        let prefix = try ObjectPrefix(text)
        #expect(prefix.matches(try ObjectKey(text + "x")))
    }
}
