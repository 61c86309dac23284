import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Testing

@testable import Edge

@Suite("A hit made ready for the wire")
struct PreparedHitTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("the heads are those of RFC 9110, byte for byte")
    func heads() {
        let fields: HTTPFields = [
            .date: "Sat, 21 Nov 2026 00:00:00 GMT", .cacheControl: "max-age=60", .contentType: "image/png",
            .eTag: "\"a\"", .age: "7", .connection: "x", .cacheStatus: "other; hit",
        ]
        let hit = PreparedHit(Sample.response(fields: fields), validUntilMilliseconds: nil, product: "vitrine")
        let common = "Date: Sat, 21 Nov 2026 00:00:00 GMT\r\nCache-Control: max-age=60\r\n"
        let type = "Content-Type: image/png\r\n"
        let tag = "ETag: \"a\"\r\n"
        #expect(Self.text(hit.head) == "HTTP/1.1 200 \r\n" + common + type + tag + "Content-Length: 10\r\n")
        #expect(Self.text(hit.notModifiedHead) == "HTTP/1.1 304 Not Modified\r\n" + common + tag)
        #expect(Self.text(hit.partialHead) == "HTTP/1.1 206 Partial Content\r\n" + common + type + tag)
        #expect(Self.text(hit.cacheStatus) == "Cache-Status: other; hit, vitrine; hit; ttl=")
    }

    @Test("a 204 does not say how long it is")
    func noContent() {
        let hit = PreparedHit(Sample.response(status: 204, body: ""), validUntilMilliseconds: nil, product: "vitrine")
        #expect(!Self.text(hit.head).contains("Content-Length"))
        #expect(hit.partialHead.isEmpty)
    }

    @Test("it ends with the answer or with its URL, whichever is first")
    func ends() {
        let response = Sample.response()
        let fresh = response.policy.freshUntilMilliseconds
        func end(_ until: Int64?) -> Int64 {
            PreparedHit(response, validUntilMilliseconds: until, product: "vitrine").freshUntilMilliseconds
        }
        #expect(end(nil) == fresh)
        #expect(end(fresh - 5) == fresh - 5)
        #expect(end(fresh + 5) == fresh)
    }

    @Test("validators that mean nothing are not compared")
    func validators() {
        let fields: HTTPFields = [.cacheControl: "max-age=60", .lastModified: "yesterday"]
        let hit = PreparedHit(Sample.response(fields: fields), validUntilMilliseconds: nil, product: "vitrine")
        #expect(hit.lastModified.isEmpty && hit.entityTag.isEmpty)
    }
}
