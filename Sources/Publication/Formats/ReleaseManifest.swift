package import DeliveryTypes
import FoundationEssentials

/// What a published release consists of: its records by name, each with its content hash.
///
/// Stored under its own content hash, as its records are; it says nothing of the app, the number or the time, so the
/// same settings give the same manifest. docs/formats/settings-log.md describes it.
package struct ReleaseManifest: Hashable, Sendable, Codable {
    package struct Record: Hashable, Sendable, Codable {
        /// Such as `metadata`, `values`, `source`; unique in the manifest.
        package var name: String
        /// The SHA-256 of the record's bytes, and so its key.
        package var sha256: ContentDigest
        /// Length in bytes.
        package var bytes: Int

        package init(name: String, sha256: ContentDigest, bytes: Int) {
            self.name = name
            self.sha256 = sha256
            self.bytes = bytes
        }
    }

    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1
    /// The longest manifest, in bytes.
    package static let bytesMax = 1 << 20
    /// The most records of a release.
    package static let recordsMax = 4096

    package var version: Int
    /// In the order in which they were compiled.
    package var records: [Record]

    package init(records: [Record]) {
        version = Self.formatVersion
        self.records = records
    }

    /// The record called `name`; `nil` if there is none.
    package func record(_ name: String) -> Record? { records.first { $0.name == name } }

    /// One line of JSON, members in alphabetical order, and a line feed.
    package func encoded() throws(PublicationError) -> [UInt8] { try StoredJSON.encode(self) }

    /// - Throws: `damaged` for anything but a manifest of a known version.
    package init(decoding bytes: [UInt8], from name: String) throws(PublicationError) {
        self = try StoredJSON.decode(Self.self, from: bytes, name: name)
        guard version == Self.formatVersion else {
            throw .damaged(name, reason: "a manifest of version \(version) is not read by this program")
        }
        guard records.count <= Self.recordsMax, records.allSatisfy({ $0.bytes >= 0 }) else {
            throw .damaged(name, reason: "its list of records is out of bounds")
        }
    }
}
