import NIOCore
import SettingsDelivery
import Testing

@Suite("Two documents, setting by setting")
struct ShadowComparisonTests {
    private func compare(_ left: String, _ right: String) -> ShadowVerdict {
        ShadowComparison.compare(ByteBuffer(string: left), ByteBuffer(string: right))
    }

    @Test("order and spelling do not count")
    func equal() {
        #expect(compare(#"{"a":1.0,"b":[true,{"x":1,"y":2}]}"#, #"{ "b":[true,{"y":2,"x":1}],"a":1 }"#) == .equal)
        #expect(compare("not JSON", "not JSON") == .equal)
    }

    @Test("changed, missing and additional settings are named")
    func names() {
        let verdict = compare(#"{"same":1,"changed":[1],"gone":null}"#, #"{"same":1,"changed":[2],"new":false}"#)
        guard case .differing(let names) = verdict else { return #expect(Bool(false), "\(verdict)") }
        #expect(Set(names) == ["changed", "gone", "new"])
    }

    @Test("GrowthBook's documents are compared by feature")
    func features() {
        let left = #"{"features":{"a":{"defaultValue":1},"b":{"defaultValue":2}},"dateUpdated":"x"}"#
        let right = #"{"features":{"a":{"defaultValue":1},"b":{"defaultValue":3}},"dateUpdated":"y"}"#
        #expect(compare(left, right) == .differing(["b"]))
    }

    @Test("names that are canonically equivalent are two names")
    func exact() {
        #expect(compare("{\"\u{e9}\":1}", "{\"e\u{301}\":1}") == .differing(["\u{e9}", "e\u{301}"]))
    }

    @Test("what is no object cannot be compared", arguments: ["", "[]", "{", "<html>", "1"])
    func notComparable(text: String) {
        #expect(compare("{}", text) == .notComparable)
        #expect(compare(text, "{}") == .notComparable)
    }

    @Test("a long name of the other side is cut")
    func long() {
        let verdict = compare("{}", "{\"" + String(repeating: "n", count: 10_000) + "\":1}")
        #expect(verdict == .differing([String(repeating: "n", count: 200)]))
    }
}
