/// Everything that is in force at a source.
package struct SettingsSnapshot: Hashable, Sendable, Codable {
    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1
    /// The most apps that are read.
    package static let appsMax = 10_000

    package var version: Int
    /// Each app once, in the order of their names' bytes.
    package var apps: [SourcedApp]

    package init(apps: [SourcedApp]) {
        version = Self.formatVersion
        self.apps = apps.sorted { $0.name < $1.name }
    }

    /// One line of JSON, members in alphabetical order, and a line feed.
    package func encoded() throws(PublicationError) -> [UInt8] { try StoredJSON.encode(self) }

    /// - Throws: `damaged` for anything but a snapshot of a known version.
    package init(decoding bytes: [UInt8], from name: String) throws(PublicationError) {
        self = try StoredJSON.decode(Self.self, from: bytes, name: name)
        guard version == Self.formatVersion, apps.count <= Self.appsMax else {
            throw .damaged(name, reason: "a snapshot of version \(version) with \(apps.count) apps")
        }
    }
}
