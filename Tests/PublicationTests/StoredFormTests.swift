import DeliveryTypes
import NIOCore
import ObjectStorage
import Publication
import Testing
import VitrineTesting

@Suite("Stored forms")
struct StoredFormTests {
    @Test("the logs of an app are as documented, byte for byte")
    func golden() async throws {
        let fixture = try await PublisherFixture()
        _ = try await fixture.publisher.publish(
            PublisherFixture.features(["button": "\"blue\"", "limit": "10"]),
            fixture.request(comment: "first, with \"quotes\" and ü")
        )
        fixture.time.advance(milliseconds: 60_000)
        _ = try await fixture.publisher.publish(
            PublisherFixture.features(["button": "\"red\"", "price": "1.0"]),
            fixture.request(expected: 1)
        )
        fixture.time.advance(milliseconds: 60_000)
        _ = try await fixture.publisher.rollBack(fixture.request(), to: 1)
        _ = try await fixture.publisher.rotate(fixture.app, .client, graceMilliseconds: 86_400_000, author: "bob")
        var text = ""
        for key in try await fixture.keys(SettingsKeys.apps) {
            text += key + "\n" + String(buffer: try await fixture.inner.get(ObjectKey(key)).body.collect(upTo: 9999))
        }
        try Golden.expect(text, "settings-log.txt")
    }

    @Test("an entry is read back as it was written, whatever the texts are")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 4)
        for number in 1...300 {
            let texts = (0..<6).map { _ in
                String(
                    String.UnicodeScalarView(
                        (0..<Int.random(in: 0...9, using: &random)).map { _ in
                            Unicode.Scalar(UInt32.random(in: 1...0xd7ff, using: &random)) ?? "x"
                        }
                    )
                )
            }
            var summary = DiffSummary()
            summary.added = number
            summary.changedNames = texts
            let entry = PublishedEntry(
                number: number,
                manifest: ContentDigest(of: random.bytes(9)),
                author: texts[0],
                published: Int64.random(in: 0...Int64.max, using: &random),
                comment: Bool.random(using: &random) ? texts[1] : nil,
                rollbackOf: Bool.random(using: &random) ? number : nil,
                summary: summary,
                nonce: texts[2]
            )
            let bytes = try entry.encoded()
            #expect(bytes.last == 0x0a && bytes.count { $0 == 0x0a } == 1)
            let again = try PublishedEntry(decoding: bytes, number: number, from: "x")
            #expect(try again.encoded() == bytes)
        }
    }

    @Test("mutated entries are read or refused, and never change their number")
    func fuzz() throws {
        let entry = PublishedEntry(
            number: 7,
            manifest: ContentDigest(of: [1]),
            author: "ada",
            published: 1,
            comment: "c",
            rollbackOf: 3,
            summary: DiffSummary(),
            nonce: "00"
        )
        let good = try entry.encoded()
        var random = SeededGenerator(seed: 11)
        var refused = 0
        for _ in 0..<4000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                }
            }
            do throws(PublicationError) {
                #expect(try PublishedEntry(decoding: bytes, number: 7, from: "x").number == 7)
            } catch {
                guard case .damaged("x", _) = error else { throw error }
                refused += 1
            }
        }
        #expect(refused > 1000)
    }

    @Test("an entry of another number or version is damaged")
    func others() throws {
        let keys = KeysEntry(number: 2, keys: [], author: "a", changed: 1, nonce: "n")
        #expect(try KeysEntry(decoding: keys.encoded(), number: 2, from: "x") == keys)
        #expect(throws: PublicationError.self) { try KeysEntry(decoding: keys.encoded(), number: 3, from: "x") }
        let text = String(decoding: try keys.encoded(), as: UTF8.self)
        let newer = text.replacing("\"version\":1", with: "\"version\":2")
        #expect(throws: PublicationError.self) { try KeysEntry(decoding: Array(newer.utf8), number: 2, from: "x") }
    }

    @Test("apps are listed whatever their names share", arguments: Place.allCases)
    func apps(_ place: Place) async throws {
        let fixture = try await PublisherFixture(place)
        let names = ["a", "a-b", "a.b", "a0", "a_b", "b", "0"]
        for name in names {
            let request = PublishRequest(app: try #require(AppName(name)), author: "ada")
            _ = try await fixture.publisher.publish(PublisherFixture.features(["x": "1"]), request)
        }
        #expect(Set(try await fixture.publisher.archive.apps().map(\.text)) == Set(names))
        #expect(try await fixture.publisher.archive.apps().count == names.count)
    }
}
