import HTTPTypes
import Testing

@testable import Edge

@Suite("Tags that an origin gives")
struct SurrogateKeysTests {
    private static func tags(_ surrogate: [String], _ cache: [String] = []) -> [String] {
        var fields = HTTPFields()
        for value in surrogate { fields.append(HTTPField(name: SurrogateKeys.names[0], value: value)) }
        for value in cache { fields.append(HTTPField(name: SurrogateKeys.names[1], value: value)) }
        return SurrogateKeys.tags(of: fields)
    }

    @Test("Surrogate-Key is separated by spaces, Cache-Tag by commas, and lines add up")
    func parses() {
        #expect(Self.tags([]) == [])
        #expect(Self.tags(["red  blue\tgreen", "more"]) == ["red", "blue", "green", "more"])
        #expect(Self.tags([], ["red, blue green ,,", "x"]) == ["red", "blue green", "x"])
        #expect(Self.tags(["a,b"], ["c d"]) == ["a,b", "c d"])
    }

    @Test("tags that are too long, or too many, are left out")
    func limits() {
        let long = String(repeating: "x", count: SurrogateKeys.tagBytesMax)
        #expect(Self.tags([long + " " + long + "x b"]) == [long, "b"])
        let many = (0..<1_000).map(String.init).joined(separator: " ")
        #expect(Self.tags([many]).count == SurrogateKeys.tagsMax)
    }
}
