import Caching
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import NIOCore
import Testing
import VitrineTesting

@testable import Edge

@Suite("What the disk keeps beside a body")
struct StoredRecordTests {
    private static let stored = StoredResponse(
        request: HTTPRequest(method: .get, scheme: "http", authority: "a", path: "/x"),
        response: HTTPResponse(
            status: .ok,
            headerFields: [
                .date: "Sat, 21 Nov 2026 00:00:00 GMT", .cacheControl: "max-age=60", .eTag: "\"a\"", .vary: "Accept",
            ]
        ),
        requestMilliseconds: EdgeRig.start,
        responseMilliseconds: EdgeRig.start + 20
    )
    private static let subject = PurgeSubject(bornSequence: 77, url: "http://a/x?ü", tags: ["red", "original:1", ""])

    private static func fields(_ record: StoredRecord?) -> (StoredResponse, PurgeSubject, CachedResponse.Maker)? {
        if case .response(let stored, let subject, let maker)? = record { (stored, subject, maker) } else { nil }
    }

    @Test("a response comes back as it was", arguments: CachedResponse.Maker.allCases)
    func response(maker: CachedResponse.Maker) throws {
        let encoded = try #require(StoredRecord.response(Self.stored, Self.subject, maker).encoded)
        let decoded = try #require(Self.fields(StoredRecord(decoding: encoded)))
        #expect(decoded.0 == Self.stored && decoded.1 == Self.subject && decoded.2 == maker)
    }

    @Test("a rule of variants comes back as it was")
    func variants() throws {
        for text in ["Accept", "Accept, X-Test", "*"] {
            let rule = VaryRule(fields: [.vary: text])
            let encoded = try #require(StoredRecord.variants(rule).encoded)
            guard case .variants(let decoded)? = StoredRecord(decoding: encoded) else {
                Issue.record("not a rule")
                continue
            }
            #expect(decoded == rule)
        }
    }

    @Test("the bytes are those of docs/formats/stored-record.md")
    func golden() throws {
        let records = [
            StoredRecord.response(Self.stored, Self.subject, .derived),
            StoredRecord.variants(VaryRule(fields: [.vary: "Accept, X-Test"])),
        ]
        let lines = records.map { record in
            (record.encoded ?? ByteBuffer()).readableBytesView.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined() + "\n"
        }
        try Golden.expect(lines.joined(), "stored-record.txt")
    }

    @Test("what was never written is refused or read as something whole, and nothing traps", arguments: 0..<4)
    func fuzz(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let good = [
            StoredRecord.response(Self.stored, Self.subject, .fetched).encoded ?? ByteBuffer(),
            StoredRecord.variants(VaryRule(fields: [.vary: "Accept"])).encoded ?? ByteBuffer(),
        ]
        for length in 0..<good[0].readableBytes {
            #expect(StoredRecord(decoding: good[0].getSlice(at: 0, length: length) ?? ByteBuffer()) == nil)
        }
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = Array((good.randomElement(using: &random) ?? ByteBuffer()).readableBytesView)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<8, using: &random)))
                default: bytes += random.bytes(3)
                }
            }
            guard let record = StoredRecord(decoding: ByteBuffer(bytes: bytes)) else {
                refused += 1
                continue
            }
            // What is accepted means something: it comes back as the same.
            let again = record.encoded.flatMap { StoredRecord(decoding: $0) }
            switch (record, again) {
            case (.response(let one, let first, let made), .response(let two, let second, let remade)?):
                #expect(one == two && first == second && made == remade)
            case (.variants(let one), .variants(let two)?): #expect(one == two)
            default: Issue.record("seed \(seed): another kind came back")
            }
        }
        #expect(refused > 1_000)
    }
}
