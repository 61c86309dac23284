import JSON
import Testing

@Suite("Values")
struct ValueTests {
    @Test("strings are equal by code units, not by canonical equivalence")
    func exactness() {
        #expect(ExactString("\u{E9}") != ExactString("e\u{301}"))
        #expect(Set([ExactString("\u{E9}"), ExactString("e\u{301}"), ExactString("\u{E9}")]).count == 2)
        // Both are three bytes of UTF-8, and canonically equivalent.
        #expect(ExactString("\u{212B}") != ExactString("A\u{30A}"))
    }

    @Test("strings order by code units: an emoji comes before U+E000")
    func order() {
        #expect(ExactString("\u{1F600}") < ExactString("\u{E000}"))
        #expect(ExactString("a") < ExactString("b"))
        #expect(!(ExactString("a") < ExactString("a")))
        #expect(ExactString(units: [0xD800]) < ExactString("\u{E000}"))
    }

    @Test("lone surrogates are kept, pairs are text")
    func surrogates() {
        let lone = ExactString(units: [0x61, 0xD800])
        #expect(lone.wellFormed == nil)
        #expect(lone.units == [0x61, 0xD800])
        #expect(ExactString(units: [0xD83D, 0xDE00]).wellFormed == "\u{1F600}")
        #expect(lone == ExactString(units: [0x61, 0xD800]))
    }

    @Test("lower case follows Unicode, with the sigma that ends a word")
    func lowerCase() {
        #expect(ExactString("ΌΔΥΣΣΕΎΣ").lowercased == "όδυσσεύς")
        #expect(ExactString("Σ").lowercased == "σ")
        #expect(ExactString("\u{130}").lowercased == "i\u{307}")
        #expect(ExactString(units: [0x41, 0xDC00, 0x42]).lowercased == ExactString(units: [0x61, 0xDC00, 0x62]))
    }

    @Test("an object finds its members, few or many, and keeps the place of one written again")
    func members() {
        for count in [3, 24, 25, 500] {
            var object = JSONObject()
            for index in 0..<count { object[ExactString("key\(index)")] = .number(index) }
            object["key1"] = "again"
            #expect(object.count == count)
            #expect(object.members[1].key == "key1")
            #expect(object["key1"] == "again")
            #expect(object[ExactString("key\(count - 1)")]?.double == Double(count - 1))
            #expect(object["none"] == nil)
            object["key0"] = nil
            #expect(object.count == count - 1)
            #expect(object.position(of: "key2") == 1)
        }
    }

    @Test("JavaScript enumerates array indices first")
    func enumeration() {
        let object: JSONValue = ["b": 1, "10": 2, "9": 3, "01": 4, "a": 5, "4294967295": 6, "4294967294": 7]
        #expect(object.object?.javaScriptOrder.map(\.key) == ["9", "10", "4294967294", "b", "01", "a", "4294967295"])
    }
}
