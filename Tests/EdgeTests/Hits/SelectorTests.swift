import Caching
import HTTPTypes
import NIOCore
import Synchronization
import Testing
import VitrineTesting
import Wire

@testable import Edge

@Suite("Choosing among variants by bytes")
struct SelectorTests {
    private static let values = ["en", "de", "en,de", "en, de", "", "EN", "a\tb", "en ,de", ","]

    private static func lines(_ random: inout SeededGenerator) -> String {
        var text = ""
        for name in ["Accept-Language", "X-Test", "accept-language", "Other"] {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let space = ["", " ", "\t", "  "].randomElement(using: &random) ?? ""
                let value = values.randomElement(using: &random) ?? ""
                text += "\(name):\(space)\(value)\(["", " ", "\t "].randomElement(using: &random) ?? "")\r\n"
            }
        }
        return text
    }

    /// What the selecting fields say when they are read as lists (RFC 9110 §5.3), a field's absence told from an
    /// empty one.
    private static func meaning(_ fields: HTTPFields, _ names: [HTTPField.Name]) -> [String] {
        names.map { name in
            fields.contains(name) ? fields[values: name].map { $0 + "," }.joined() : "absent"
        }
    }

    @Test("two requests select the same exactly when their fields say the same", arguments: 0..<4)
    func agrees(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let names: [HTTPField.Name] = [.acceptLanguage, try #require(HTTPField.Name("X-Test"))]
        let selecting = names.map { SelectingField($0) }
        var matched = 0
        for _ in 0..<4_000 {
            let (one, two) = (Self.lines(&random), Bool.random(using: &random) ? nil : Self.lines(&random))
            let first = try Sample.withHead("GET /x HTTP/1.1\r\nHost: a\r\n\(one)\r\n") { $0.request($1) }
            let published = try #require(first)
            let text = "GET /x HTTP/1.1\r\nHost: a\r\n\(two ?? one)\r\n"
            let (isMatch, request) = try Sample.withHead(text) { head, bytes in
                let selector = SelectingField.selector(selecting, in: published.headerFields)
                return (HitShortcut.matches(selector, selecting, head, bytes), head.request(bytes))
            }
            let other = try #require(request)
            let isSame = Self.meaning(published.headerFields, names) == Self.meaning(other.headerFields, names)
            #expect(isMatch == isSame, "seed \(seed): \(one) against \(text)")
            matched += isMatch ? 1 : 0
        }
        #expect(matched > 1_000 && matched < 3_900)
    }
}
