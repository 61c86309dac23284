import DeliveryTypes
import FoundationEssentials

/// The record's text, which outlives the program that wrote it: docs/formats/original.md is its description.
extension Original: Codable {
    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1

    private enum CodingKeys: String, CodingKey {
        case version
        case id
        case format
        case width
        case height
        case orientation
        case frames
        case alpha
        case bytes
        case created
        case owner
        case visibility
        case filename
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let version = try fields.decode(Int.self, forKey: .version)
        guard version == Self.formatVersion else {
            throw DecodingError.dataCorruptedError(
                forKey: .version,
                in: fields,
                debugDescription: "a record of version \(version) is not read by this program"
            )
        }
        // Whatever is wrong with the time, the record is not understood.
        guard let created = try? Date(fields.decode(String.self, forKey: .created), strategy: .iso8601) else {
            throw DecodingError.dataCorruptedError(forKey: .created, in: fields, debugDescription: "not RFC 3339")
        }
        self.init(
            id: try fields.decode(ContentDigest.self, forKey: .id),
            facts: PictureFacts(
                format: try fields.decode(ImageFormat.self, forKey: .format),
                size: PixelSize(
                    width: try fields.decode(Int.self, forKey: .width),
                    height: try fields.decode(Int.self, forKey: .height)
                ),
                orientation: try fields.decode(Int.self, forKey: .orientation),
                frames: try fields.decode(Int.self, forKey: .frames),
                hasAlpha: try fields.decode(Bool.self, forKey: .alpha),
                bytes: try fields.decode(Int.self, forKey: .bytes)
            ),
            created: created,
            owner: try fields.decodeIfPresent(String.self, forKey: .owner),
            visibility: try fields.decode(Visibility.self, forKey: .visibility),
            filename: try fields.decodeIfPresent(String.self, forKey: .filename)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(Self.formatVersion, forKey: .version)
        try fields.encode(id, forKey: .id)
        try fields.encode(facts.format, forKey: .format)
        try fields.encode(facts.size.width, forKey: .width)
        try fields.encode(facts.size.height, forKey: .height)
        try fields.encode(facts.orientation, forKey: .orientation)
        try fields.encode(facts.frames, forKey: .frames)
        try fields.encode(facts.hasAlpha, forKey: .alpha)
        try fields.encode(facts.bytes, forKey: .bytes)
        try fields.encode(created.formatted(.iso8601), forKey: .created)
        try fields.encodeIfPresent(owner, forKey: .owner)
        try fields.encode(visibility, forKey: .visibility)
        try fields.encodeIfPresent(filename, forKey: .filename)
    }

    /// The record as it is stored: one line of JSON, names in order, a line feed at the end.
    package func recordBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads what `recordBytes` wrote.
    package init(recordBytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Original.self, from: Data(recordBytes))
    }
}
