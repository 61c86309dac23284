import Foundation
import JSON
import Settings
import Testing

@Suite("Conformance with the reference SDK")
struct ConformanceTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/settings/cases.jsonl").standardized

    private static func lines() throws -> [String] {
        try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test("every case of the fixture has the reference's output")
    func fixtureCases() throws {
        let run = ConformanceRun()
        let parser = JSONParser()
        var sections: [String: Int] = [:]
        for line in try Self.lines() {
            let wanted = try parser.value(from: line)
            let answer = try parser.value(from: run.answer(line: line))
            sections[wanted["section"]?.string?.text ?? "", default: 0] += 1
            #expect(answer["id"] == wanted["id"])
            #expect(answer["output"] == wanted["output"], "\(line)\n\(answer.stringifiedText)")
        }
        #expect(sections.count == 11)
        #expect(sections.values.allSatisfy { $0 >= 20 })
    }

    @Test(
        "what is no case is skipped and says why",
        arguments: [
            "", "{", "[]", "null", #"{"id":1}"#, #"{"id":1,"section":"nothing","input":[]}"#,
            #"{"id":1,"section":"run","input":[{},null]}"#,
        ]
    )
    func skips(line: String) throws {
        let answer = try JSONParser().value(from: ConformanceRun().answer(line: line))
        #expect(answer["skip"]?.string?.isEmpty == false)
        #expect(answer["output"] == nil)
    }

    @Test("mutated cases are answered or skipped, never fatal")
    func mutations() throws {
        let run = ConformanceRun()
        let parser = JSONParser()
        let lines = try Self.lines()
        var state: UInt64 = 0x5EED_0004
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let pieces = ["null", "[]", "{}", "1e21", "-1", "\"\"", "true", "\"a\"", "[null]", "0.5"].map { Array($0.utf8) }
        for _ in 0..<4_000 {
            var bytes = Array(lines[next(lines.count)].utf8)
            for _ in 0...next(3) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = UInt8(next(128))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + next(8) + 1))
                default:
                    bytes.replaceSubrange(
                        place..<min(bytes.count, place + 1 + next(4)),
                        with: pieces[next(pieces.count)]
                    )
                }
                if bytes.isEmpty { bytes = [0x30] }
            }
            let answer = try parser.value(from: run.answer(line: String(decoding: bytes, as: UTF8.self)))
            #expect(answer["id"] != nil || answer["skip"] != nil)
        }
    }
}
