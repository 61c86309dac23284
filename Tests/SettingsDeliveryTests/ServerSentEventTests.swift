import JSON
import NIOCore
import SettingsDelivery
import Testing
import VitrineTesting

@Suite("server-sent events")
struct ServerSentEventTests {
    @Test("an event has its id, its type, its data and an empty line")
    func form() {
        let event = ServerSentEvent(id: "12", name: "message", data: [Array("{}".utf8)])
        #expect(String(buffer: event.bytes) == "id: 12\nevent: message\ndata: {}\n\n")
    }

    @Test("an event without data has an empty data line, or browsers would drop it")
    func empty() {
        let event = ServerSentEvent(id: "12", name: "features-updated", data: [])
        #expect(String(buffer: event.bytes) == "id: 12\nevent: features-updated\ndata:\n\n")
    }

    @Test("long JSON is broken between values only")
    func broken() throws {
        let text = #"{"a":"x,y\",z","b":[1,2,3],"c":{"d":"}"}}"#
        let lines = try #require(ServerSentEvent.lines(of: Array(text.utf8), wanted: 4, limit: 100))
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) } == [
                #"{"a":"x,y\",z","#, #""b":[1,"#, #"2,3],"#, #""c":{"d":"}"}}"#,
            ]
        )
    }

    @Test("joined lines are the same JSON, whatever it is")
    func joined() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let value = Self.value(depth: 4, &random)
            var bytes: [UInt8] = []
            JSONWriter.authored(value, into: &bytes)
            let wanted = Int.random(in: 1...40, using: &random)
            let lines = try #require(ServerSentEvent.lines(of: bytes, wanted: wanted, limit: 10_000))
            let joined = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
            #expect(try JSONParser().value(from: joined) == value)
            #expect(lines.allSatisfy { !$0.contains(10) && !$0.contains(13) })
        }
    }

    @Test("a value that no client could read in one line is not sent")
    func tooLong() {
        let text = "{\"a\":\"" + String(repeating: "x", count: 200) + "\"}"
        #expect(ServerSentEvent.lines(of: Array(text.utf8), wanted: 16, limit: 100) == nil)
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .number(Int.random(in: -5...500, using: &random))
        case 1: return .bool(true)
        case 2: return .null
        case 3: return .text(["a,b", "\"", "\\", "\n", "é,", ""].randomElement(using: &random) ?? "")
        case 4: return .array((0..<3).map { _ in value(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for name in ["k", "l,", "m\""] { object[ExactString(name)] = value(depth: depth - 1, &random) }
            return .object(object)
        }
    }
}
