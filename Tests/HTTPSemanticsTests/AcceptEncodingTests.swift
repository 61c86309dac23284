import HTTPSemantics
import Testing

@Suite("Accept-Encoding, RFC 9110 §12.5.3, and the dictionary fields of RFC 9842")
struct AcceptEncodingTests {
    static let offered: [ContentCoding] = [.dcz, .zstd, .br, .gzip, .identity]

    @Test(
        "the client's heaviest coding is chosen, among equals the server's first",
        arguments: [
            (["gzip, br, zstd"], .zstd), (["gzip;q=1.0, br;q=0.9, zstd;q=0.8"], .gzip), (["gzip", "br"], .br),
            (["dcz, zstd"], .dcz), (["*"], .zstd), (["*;q=0.5, zstd;q=0"], .br), (["GZIP ; Q=0.5"], .gzip),
            (["x-gzip"], .gzip), (["deflate"], .identity), ([""], .identity), ([], .identity),
            (["identity, gzip;q=0.5"], .identity), (["gzip;q=0, br;q=0"], .identity), (["*;q=0, gzip;q=0.1"], .gzip),
            (["gzip;q=0.001, identity;q=0"], .gzip), (["gzip;q=2, br;q=0.4"], .br), (["gzip;q=, br"], .br),
            (["gzip;q=0.1234, br;q=0.1"], .br), (["gzip;level=9;q=0.7, br;q=0.6"], .gzip), ([",,gzip,,"], .gzip),
        ] as [([String], ContentCoding)]
    )
    func chooses(values: [String], expected: ContentCoding) {
        #expect(AcceptEncoding(values).best(of: Self.offered) == expected)
    }

    @Test("where everything is refused, nothing is chosen")
    func refused() {
        #expect(AcceptEncoding(["identity;q=0"]).best(of: Self.offered) == nil)
        #expect(AcceptEncoding(["*;q=0"]).best(of: Self.offered) == nil)
        #expect(AcceptEncoding(["gzip"]).best(of: [.br]) == nil)
    }

    @Test("a dictionary coding is only for those who name it")
    func named() {
        #expect(AcceptEncoding(["*"]).best(of: [.dcz, .identity]) == .identity)
        #expect(AcceptEncoding(["*, dcz;q=0.2"]).weight(of: .dcz) == 200)
    }

    @Test("what is past the limits is not read")
    func limits() {
        let many = Array(repeating: "deflate", count: AcceptEncoding.membersMax) + ["gzip"]
        #expect(AcceptEncoding([many.joined(separator: ",")]).weight(of: .gzip) == 0)
        let late = String(repeating: " ", count: AcceptEncoding.bytesMax) + "gzip"
        #expect(AcceptEncoding([late]).weight(of: .gzip) == 0)
    }

    @Test("any field gives weights from 0 to 1,000, and what is chosen was not refused")
    func fuzz() {
        var random = SeededGenerator(seed: 99)
        let whole = "gzip;q=0.5, br, *;q=0, identity;q=0.001, dcz"
        for _ in 0..<5_000 {
            let field = random.mutated(whole, alphabet: "gzipbrdc*;q=01., \t\"")
            let accepted = AcceptEncoding([field])
            for coding in ContentCoding.allCases { #expect((0...1_000).contains(accepted.weight(of: coding))) }
            if let best = accepted.best(of: Self.offered) { #expect(accepted.weight(of: best) > 0) }
        }
    }

    @Test("an available dictionary is one byte sequence of 32 bytes")
    func available() {
        let digest = (0..<32).map { UInt8($0 &* 7) }
        let text = CompressionDictionary.availableText(digest)
        #expect(text == ":AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk=:")
        #expect(CompressionDictionary.available([text]) == digest)
        #expect(CompressionDictionary.available([" " + text + " "]) == digest)
        let wrong = [
            [], [text, text], [":AAAA:"], ["AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk="], [text + ", " + text],
            ["\"text\""], [":!!!!:"], [String(repeating: "a", count: 10_000)],
        ]
        for values in wrong { #expect(CompressionDictionary.available(values) == nil) }
    }

    @Test("Use-As-Dictionary quotes its strings")
    func useAs() {
        #expect(CompressionDictionary.useAs(match: "/v1/settings/shop") == "match=\"/v1/settings/shop\"")
        #expect(CompressionDictionary.useAs(match: "/a", id: "b\"\\") == "match=\"/a\", id=\"b\\\"\\\\\"")
    }
}
