import Assignments
import DeliveryTypes
import JSON
import Testing

@Suite("The key of a user's state")
struct UserKeyTests {
    @Test("is the SHA-256 of attribute||value")
    func digest() {
        // printf 'id||u1' | sha256sum
        #expect(UserKey.id("u1").digest.hex == "4040b5cfd476eeb2dae1ccfc6fde93e3bb02012c0e89db5b8262f3b415ef0a8e")
    }

    @Test("differs between apps, attributes and values")
    func differs() throws {
        let keys = [
            try #require(UserKey(app: "shop", attribute: "id", value: "u1")),
            try #require(UserKey(app: "shop2", attribute: "id", value: "u1")),
            try #require(UserKey(app: "shop", attribute: "device", value: "u1")),
            try #require(UserKey(app: "shop", attribute: "id", value: "u2")),
            try #require(UserKey(app: "shop", attribute: "id", value: "|u1")),
            try #require(UserKey(app: "shop", attribute: "id", value: "caf\u{e9}")),
            try #require(UserKey(app: "shop", attribute: "id", value: "cafe\u{301}")),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test(
        "is refused for what has no state",
        arguments: [
            ("", "id", "u"), ("Shop", "id", "u"), ("../x", "id", "u"), ("-a", "id", "u"), (".", "id", "u"),
            (String(repeating: "a", count: 64), "id", "u"), ("a/b", "id", "u"),
            ("shop", "", "u"), ("shop", "id", ""), ("shop", "id|", "u"),
        ]
    )
    func refused(app: String, attribute: String, value: String) {
        #expect(UserKey(app: app, attribute: ExactString(attribute), value: ExactString(value)) == nil)
    }

    @Test("is refused for half a surrogate pair, which would be the same bytes as any other half")
    func surrogate() {
        #expect(UserKey(app: "shop", attribute: "id", value: ExactString(units: [0xd800])) == nil)
    }
}
