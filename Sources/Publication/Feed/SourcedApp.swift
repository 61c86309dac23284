package import DeliveryTypes

/// What is in force for one app, as a source says it: the release's number and manifest, and the app's keys.
///
/// docs/formats/settings-peer.md describes its form in JSON.
package struct SourcedApp: Hashable, Sendable, Codable {
    /// The most keys that are read.
    package static let keysMax = 256

    package var name: AppName
    /// The highest number of the app's pointer log, from 1.
    package var number: Int
    /// The manifest that the number points to.
    package var manifest: ContentDigest
    /// When the number was published: milliseconds since 1970 by the publisher's clock.
    package var published: Int64
    /// The highest number of the app's key log; 0 if it has no keys.
    package var keysNumber: Int
    package var keys: [SourcedKey]

    package init(
        name: AppName,
        number: Int,
        manifest: ContentDigest,
        published: Int64,
        keysNumber: Int = 0,
        keys: [SourcedKey] = []
    ) {
        self.name = name
        self.number = number
        self.manifest = manifest
        self.published = published
        self.keysNumber = keysNumber
        self.keys = keys
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case number
        case manifest
        case published
        case keysNumber
        case keys
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let text = try members.decode(String.self, forKey: .name)
        guard let name = AppName(text) else {
            throw DecodingError.dataCorruptedError(forKey: .name, in: members, debugDescription: "no name of an app")
        }
        self.name = name
        number = try members.decode(Int.self, forKey: .number)
        manifest = try members.decode(ContentDigest.self, forKey: .manifest)
        published = try members.decode(Int64.self, forKey: .published)
        keysNumber = try members.decode(Int.self, forKey: .keysNumber)
        keys = try members.decode([SourcedKey].self, forKey: .keys)
        guard number > 0, keysNumber >= 0, keys.count <= Self.keysMax else {
            throw DecodingError.dataCorruptedError(forKey: .number, in: members, debugDescription: "out of bounds")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(name.text, forKey: .name)
        try members.encode(number, forKey: .number)
        try members.encode(manifest, forKey: .manifest)
        try members.encode(published, forKey: .published)
        try members.encode(keysNumber, forKey: .keysNumber)
        try members.encode(keys, forKey: .keys)
    }
}
