import DeliveryTypes
import Foundation
import ObjectStorage
import Originals
import Testing

struct RecordTests {
    private let id = ContentDigest(hex: "3972b1e0d1c2b3a495867768594a3b2c1d0e1f2031425364758697a8b9cadbec")
    private let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens/original.json")

    private func original() throws -> Original {
        Original(
            id: try #require(id),
            facts: PictureFacts(
                format: .jpeg,
                size: PixelSize(width: 4000, height: 3000),
                orientation: 6,
                bytes: 1_048_577
            ),
            created: Date(timeIntervalSince1970: 1_795_248_000.9),
            owner: "creator/17",
            visibility: .private,
            filename: "Sommer am See.jpg"
        )
    }

    @Test("a record is written as the format page says, and read back")
    func written() throws {
        let bytes = try original().recordBytes()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" { try Data(bytes).write(to: golden) }
        #expect(try String(decoding: bytes, as: UTF8.self) == String(contentsOf: golden, encoding: .utf8))
        #expect(try Original(recordBytes: Array(Data(contentsOf: golden))) == original())
    }

    @Test("every format and the absence of owner and name survive")
    func roundTrip() throws {
        for format in ImageFormat.allCases {
            var plain = try original()
            plain.facts.format = format
            plain.facts.hasAlpha = true
            plain.facts.frames = 12
            plain.owner = nil
            plain.filename = nil
            plain.visibility = .public
            #expect(try Original(recordBytes: plain.recordBytes()) == plain)
        }
    }

    @Test(
        "a record that is not understood is refused",
        arguments: [
            ("\"version\":1", "\"version\":2"), ("\"version\":1", "\"version\":\"1\""),
            ("\"format\":\"jpeg\"", "\"format\":\"psd\""), ("\"private\"", "\"hidden\""), ("T08:00:00Z", ""),
            ("\"id\":\"3972", "\"id\":\"xx72"), ("{", ""),
        ]
    )
    func refused(_ part: String, _ replacement: String) throws {
        let text = try String(contentsOf: golden, encoding: .utf8)
        try #require(text.contains(part))
        let changed = text.replacing(part, with: replacement)
        #expect(throws: (any Error).self) { try Original(recordBytes: Array(changed.utf8)) }
    }

    @Test("a reader ignores members it does not know")
    func unknownMember() throws {
        let text = try String(contentsOf: golden, encoding: .utf8).replacing("{", with: "{\"later\":[1],")
        #expect(try Original(recordBytes: Array(text.utf8)) == original())
    }

    @Test("keys have the first four digits, the next two, and all")
    func keys() throws {
        let id = try #require(id)
        let stem = "originals/3972/b1/3972b1e0d1c2b3a495867768594a3b2c1d0e1f2031425364758697a8b9cadbec"
        #expect(id.recordKey.text == stem + ".json")
        #expect(id.objectKey(.jpeg).text == stem + ".jpg")
        #expect(id.objectKey(.webp).text == stem + ".webp")
    }
}
