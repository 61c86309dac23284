import DeliveryTypes
import Testing

@Suite("Base64url, percent-encoding and colours")
struct EncodingTests {
    @Test(
        "the vectors of RFC 4648 hold in both directions",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func base64Vectors(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded.utf8) == Array(plain.utf8))
        #expect(Base64URL.decodeText((encoded + "==").utf8) == plain)
    }

    @Test("random bytes survive Base64")
    func base64RoundTrip() {
        var generator = SeededGenerator(seed: 1)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8, padding: false) == bytes)
        }
    }

    @Test(
        "what no encoder writes is not decoded",
        arguments: [
            "A", "AAAAA", "Zh", "Zm9=v", "Zm9v+", "Zm9v/", "Zm 9v", "é", "\u{0}",
        ]
    )
    func badBase64(_ text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test(
        "percent-encoding decodes once and refuses halves",
        arguments: [
            ("a%20b", "a b"), ("%25%32%30", "%20"), ("%c3%A9", "é"), ("a+b", "a+b"), ("", ""), ("%", nil), ("%2", nil),
            ("%zz", nil), ("%+1", nil), ("%ff", nil), ("a%2", nil),
        ]
    )
    func percent(_ encoded: String, _ plain: String?) {
        #expect(PercentEncoding.decode(encoded) == plain)
    }

    @Test(
        "colours are read from three or six digits",
        arguments: [
            ("fff", "ffffff"), ("F80", "ff8800"), ("00aBcD", "00abcd"), ("", nil), ("ff", nil), ("ffff", nil),
            ("gggggg", nil), ("#fff", nil), ("ff ff ff", nil),
        ]
    )
    func colors(_ text: String, _ hex: String?) {
        #expect(Color(hex: text)?.hex == hex)
    }
}
