import HTTPSemantics
import HTTPTypes
import Testing

@Suite("Vary (RFC 9111 section 4.1)")
struct VaryTests {
    private func rule(_ lines: String...) -> VaryRule { VaryRule(fields: Sample.fields(lines.map { ("Vary", $0) })) }

    private func key(_ rule: VaryRule, _ lines: [(String, String)]) -> String? {
        rule.lookupKeys(for: Sample.request(.get, lines)).first
    }

    /// Whether a response to the one request may answer the other.
    private func matches(_ vary: String, _ one: [(String, String)], _ other: [(String, String)]) -> Bool {
        key(rule(vary), one) == key(rule(vary), other)
    }

    @Test("an asterisk anywhere never matches", arguments: ["*", "*, *", ", *", "*, Foo", "Foo, *", "Foo,*", "a b"])
    func any(text: String) {
        #expect(rule(text) == .any)
        #expect(rule(text).lookupKeys(for: Sample.request()).isEmpty)
        #expect(rule(text).storageKeys(for: Sample.request(), response: Sample.response()).isEmpty)
    }

    @Test("an asterisk in a further line never matches")
    func anyInLines() {
        #expect(rule("", "*") == .any)
        #expect(rule("*", "*") == .any)
    }

    @Test("names are taken without case, order, repetition and odd spaces")
    func names() {
        #expect(rule(" foo ,,BAR", "bar\t").text == "bar,foo")
        #expect(rule("") == VaryRule.none)
        #expect(rule().lookupKeys(for: Sample.request()) == [""])
    }

    @Test("a response matches if all named fields do, and no others count")
    func matching() {
        let stored = [("Foo", "1"), ("Bar", "abc"), ("Other", "2")]
        #expect(matches("Foo, Bar", stored, [("Bar", "abc"), ("Foo", "1"), ("Other", "3")]))
        #expect(!matches("Foo, Bar", stored, [("Foo", "2"), ("Bar", "abc")]))
        #expect(!matches("Foo, Bar", stored, [("Foo", "1")]))
        #expect(!matches("Foo, Bar", stored, []))
        #expect(!matches("Foo", [], [("Foo", "1")]))
    }

    @Test("an absent field matches an absent one, but not an empty one")
    func absent() {
        #expect(matches("Foo, Bar", [("Foo", "1")], [("Foo", "1")]))
        #expect(!matches("Foo", [], [("Foo", "")]))
    }

    @Test("values cannot pretend to be other fields")
    func injection() {
        #expect(!matches("a, b", [("a", "1"), ("b", "2")], [("a", "1,b:2")]))
        #expect(!matches("a, b", [("a", "b:x")], [("b", "x")]))
    }

    @Test("any field is normalised by joining lines and removing spaces at commas, and keeps case and order")
    func unknownFields() {
        #expect(matches("Foo", [("Foo", "1, 2")], [("Foo", "1"), ("Foo", "2")]))
        #expect(matches("Foo", [("Foo", "1,2")], [("Foo", " 1, 2 ")]))
        #expect(!matches("Foo", [("Foo", "1,2")], [("Foo", "2,1")]))
        #expect(!matches("Foo", [("Foo", "a")], [("Foo", "A")]))
        #expect(!matches("Foo", [("Foo", "\"1, 2\"")], [("Foo", "\"1,2\"")]))
    }

    @Test(
        "preferences are compared without order, case and spaces",
        arguments: ["Accept-Language", "Accept", "Accept-Encoding"]
    )
    func preferences(name: String) {
        #expect(matches(name, [(name, "en, de")], [(name, "de, en")]))
        #expect(matches(name, [(name, "en, de")], [(name, "eN, De")]))
        #expect(matches(name, [(name, "en, de")], [(name, " en ,   de")]))
        #expect(matches(name, [(name, "en;q=0.5, de")], [(name, "de, en; q=0.5")]))
        #expect(!matches(name, [(name, "en;q=0.5, de")], [(name, "en, de;q=0.5")]))
    }

    @Test("a response in the language a request likes best is found under that language")
    func languages() {
        let rule = rule("Accept-Language, Foo")
        let german = Sample.response(200, [("Content-Language", "De")])
        let asked = Sample.request(.get, [("Accept-Language", "en, de"), ("Foo", "1")])
        let keys = rule.storageKeys(for: asked, response: german)
        func finds(_ text: String, foo: String = "1") -> Bool {
            let request = Sample.request(.get, [("Accept-Language", text), ("Foo", foo)])
            return rule.lookupKeys(for: request).contains { keys.contains($0) }
        }
        #expect(finds("fr;q=0.5, de;q=1.0"))
        #expect(finds("de"))
        #expect(finds("de, en"), "the same request")
        #expect(!finds("fr, de;q=0.9"))
        #expect(!finds("fr, de"), "two languages are liked best")
        #expect(!finds("de;q=0"))
        #expect(!finds("de", foo: "2"))
        #expect(!finds("*"))
    }
}
