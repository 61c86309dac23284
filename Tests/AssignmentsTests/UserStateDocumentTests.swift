import JSON
import Testing
import VitrineTesting

@testable import Assignments

@Suite("A user's document")
struct UserStateDocumentTests {
    static var sample: UserState {
        var state = UserState(
            UserStateChange(
                ["colour__0": "red", "2": "b"],
                remembered: ["country": "de", "age": 41, "tags": ["a", nil]]
            )
        )
        var names = JSONObject()
        names["na\u{ef}ve \"name\""] = "\u{1f600}\n"
        state.merge(UserStateChange(remembered: names, timeMilliseconds: 1_763_000_000_123))
        return state
    }

    @Test("is written as the page says")
    func golden() throws {
        try GoldenFile("user-state.json").expect(UserStateDocument.bytes(of: Self.sample))
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let read = try UserStateDocument.state(from: UserStateDocument.bytes(of: Self.sample))
        #expect(read == Self.sample)
        #expect(read.assignments.object.members.map(\.key) == ["colour__0", "2"])
    }

    @Test(
        "is damaged when it is no such object",
        arguments: [
            "", "[]", "{", "null", #"{"version":1}"#, #"{"version":0,"updated":1,"assignments":{},"remembered":{}}"#,
            #"{"version":"1","updated":1,"assignments":{},"remembered":{}}"#,
            #"{"version":1,"updated":1.5,"assignments":{},"remembered":{}}"#,
            #"{"version":1,"updated":1,"assignments":[],"remembered":{}}"#,
        ]
    )
    func damaged(text: String) {
        #expect(throws: UserStateDocument.Failure.damaged) {
            try UserStateDocument.state(from: Array(text.utf8))
        }
    }

    @Test("of a later version is not read")
    func newer() {
        #expect(throws: UserStateDocument.Failure.newer) {
            try UserStateDocument.state(from: Array(#"{"version":2}"#.utf8))
        }
    }

    @Test("that was changed is read as a state within its limits, or not", arguments: 1...4 as ClosedRange<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bytes = UserStateDocument.bytes(of: Self.sample)
        for _ in 0..<1_500 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[place] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.remove(at: place)
                case 2: mutated.insert(contentsOf: "{}[]\",:0e".utf8.shuffled(using: &random).prefix(2), at: place)
                default: mutated.removeSubrange(place..<min(mutated.count, place + 9))
                }
                if mutated.isEmpty { mutated = bytes }
            }
            // Not read: nothing more to say about it.
            guard let state = try? UserStateDocument.state(from: mutated) else { continue }
            #expect(state.assignments.count <= StickyAssignments.countMax)
            let again = try? UserStateDocument.state(from: UserStateDocument.bytes(of: state))
            #expect(again == state, "seed \(seed)")
        }
    }
}
