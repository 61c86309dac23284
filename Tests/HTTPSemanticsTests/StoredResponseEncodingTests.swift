import Foundation
import HTTPSemantics
import HTTPTypes
import Testing

@Suite("The encoding of stored responses (docs/formats/stored-response.md)")
struct StoredResponseEncodingTests {
    static let whole = Sample.stored(
        200,
        [
            ("Cache-Control", "max-age=60, stale-while-revalidate=30, stale-if-error=90"), ("ETag", "\"ä\""),
            ("Vary", "Foo"),
            ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Empty", ""), ("Age", "7"),
        ]
    )
    static let part = Sample.stored(
        206,
        [("Cache-Control", "max-age=60"), ("Content-Range", "bytes 5-9/10")],
        request: Sample.request(.get, [("Range", "bytes=5-9")])
    )

    static let replayed = Sample.stored(
        206,
        [
            ("Cache-Control", "max-age=60"), ("Content-Type", "multipart/byteranges; boundary=x"),
            ("Content-Length", "99"),
        ],
        request: Sample.request(.get, [("Range", "bytes=0-1, 5-9")])
    )

    @Test(
        "what is written is read",
        arguments: [whole, part, replayed, Sample.stored(404, [("Expires", Sample.text(5))])]
    )
    func roundTrip(stored: StoredResponse) throws {
        let bytes = try #require(stored.encoded())
        #expect(try StoredResponse(decoding: bytes[...]) == stored)
        #expect(try StoredResponse(decoding: ([0, 0] + bytes)[2...]) == stored, "slices have other indices")
    }

    @Test("the bytes are those of the golden")
    func golden() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let path = tests.appending(path: "Goldens/stored-response.txt").path()
        let bytes =
            try #require(Self.whole.encoded()) + #require(Self.part.encoded())
            + #require(Self.replayed.encoded())
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 32) {
            let line = bytes[start..<min(start + 32, bytes.count)]
            text += line.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ") + "\n"
        }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("what may not be stored, is not UTF-8 or too long is not encoded")
    func notEncoded() {
        #expect(Sample.stored(200, [("Cache-Control", "no-store")]).encoded() == nil)
        var odd = Self.whole
        odd.head.fields.append(HTTPField(name: .server, value: [0x61, 0xFF] as [UInt8]))
        #expect(odd.encoded() == nil)
        var long = Self.whole
        long.head.fields[.server] = String(repeating: "x", count: StoredResponse.encodedBytesMax)
        #expect(long.encoded() == nil)
    }

    @Test("other versions, cut and damaged bytes are refused")
    func refused() throws {
        let bytes = try #require(Self.whole.encoded())
        for count in 0..<bytes.count {
            #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: bytes.prefix(count)) }
        }
        func damaged(at offset: Int, _ value: UInt8) -> ArraySlice<UInt8> {
            var copy = bytes
            copy[offset] = value
            return copy[...]
        }
        #expect(throws: StoredResponseError.unknownVersion) { try StoredResponse(decoding: damaged(at: 5, 2)) }
        #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: damaged(at: 0, 0)) }
        #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: damaged(at: 12, 0x80)) }
        #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: damaged(at: 7, 64)) }
        #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: damaged(at: 8, 9)) }
        #expect(throws: StoredResponseError.malformed) { try StoredResponse(decoding: (bytes + [0])[...]) }
    }
}
