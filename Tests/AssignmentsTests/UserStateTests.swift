import Assignments
import JSON
import Testing

@Suite("A user's state")
struct UserStateTests {
    @Test("keeps the first of two assignments of an experiment")
    func firstWins() {
        var state = UserState(UserStateChange(["colour__0": "red"]))
        let isChanged = state.merge(UserStateChange(["colour__0": "blue", "size__1": "l"]))
        #expect(isChanged)
        #expect(state.assignments.variation(of: "colour__0") == "red")
        #expect(state.assignments.variation(of: "size__1") == "l")
        #expect(state.assignments.variation(of: "size__0") == nil)
    }

    @Test("remembers the last value of an attribute, and fills in only what a request does not have")
    func remembers() {
        var state = UserState(UserStateChange([:], remembered: ["country": "de", "plan": "free"]))
        state.merge(UserStateChange([:], remembered: ["country": "fr"]))
        var request = JSONObject()
        request["plan"] = .null
        request["id"] = "u"
        let all = JSONValue.object(state.completing(request))
        #expect(all == ["plan": nil, "id": "u", "country": "fr"])
    }

    @Test("does not change when it is told what it knows")
    func unchanged() {
        let change = UserStateChange(["colour__0": "red"], remembered: ["country": "de"])
        var state = UserState(change)
        let before = state
        let isChanged = state.merge(change)
        #expect(!isChanged)
        #expect(state == before)
    }

    @Test("tells keys apart that are only canonically equivalent")
    func exact() {
        var sticky = StickyAssignments()
        sticky.add("1", to: "caf\u{e9}")
        sticky.add("2", to: "cafe\u{301}")
        #expect(sticky.count == 2)
        #expect(sticky.variation(of: "cafe\u{301}") == "2")
    }

    @Test("drops its oldest assignment for one too many")
    func bounded() {
        var sticky = StickyAssignments()
        for number in 0...StickyAssignments.countMax { sticky.add("v", to: ExactString("e\(number)")) }
        #expect(sticky.count == StickyAssignments.countMax)
        #expect(sticky.variation(of: "e0") == nil)
        #expect(sticky.variation(of: "e1") == "v")
        #expect(sticky.variation(of: ExactString("e\(StickyAssignments.countMax)")) == "v")
    }

    @Test("takes no keys and values that are too long, and no more attributes than it may have")
    func limits() {
        var sticky = StickyAssignments()
        let long = ExactString(String(repeating: "x", count: StickyAssignments.keyBytesMax + 1))
        sticky.add("1", to: long)
        sticky.add(long, to: "e")
        #expect(sticky.isEmpty)
        var attributes = JSONObject()
        attributes["long"] = .text(String(repeating: "x", count: UserState.rememberedBytesMax))
        for number in 0..<UserState.rememberedMax + 5 { attributes[ExactString("a\(number)")] = .number(number) }
        let change = UserStateChange(remembered: attributes, timeMilliseconds: 1)
        #expect(change.remembered.count == UserState.rememberedMax)
        #expect(change.remembered["long"] == nil)
        #expect(change.remembered["a0"] == 0)
    }

    @Test("gives SDKs the document that they keep")
    func document() {
        let state = UserState(UserStateChange(["colour__0": "red"]))
        let document = JSONValue.object(state.stickyDocument(attribute: "id", value: "u1"))
        #expect(
            document.stringifiedText
                == #"{"attributeName":"id","attributeValue":"u1","assignments":{"colour__0":"red"}}"#
        )
    }
}
