package import DeliveryTypes

/// What a node writes down of an app that it serves, to serve it again after a restart without its source.
///
/// Two lines: JSON, then the SHA-256 of the first line in hexadecimal digits (docs/formats/settings-shelf.md).
package struct KeptApp: Hashable, Sendable, Codable {
    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1

    package var version: Int
    package var app: SourcedApp
    /// The records that the release is served from, its manifest among them.
    package var records: [ContentDigest]

    package init(app: SourcedApp, records: [ContentDigest]) {
        version = Self.formatVersion
        self.app = app
        self.records = records
    }

    package func encoded() throws(PublicationError) -> [UInt8] {
        let line = try StoredJSON.encode(self)
        return line + Array((ContentDigest(of: line).hex + "\n").utf8)
    }

    /// - Throws: `damaged` for anything else than was written, or another version.
    package init(decoding bytes: [UInt8], from name: String) throws(PublicationError) {
        guard bytes.last == UInt8(ascii: "\n"), let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .damaged(name, reason: "it is not whole")
        }
        let line = Array(bytes[...end])
        let sum = String(decoding: bytes[(end + 1)...].dropLast(), as: UTF8.self)
        guard ContentDigest(hex: sum) == ContentDigest(of: line) else {
            throw .damaged(name, reason: "its checksum is another")
        }
        self = try StoredJSON.decode(Self.self, from: line, name: name)
        guard version == Self.formatVersion else {
            throw .damaged(name, reason: "version \(version) is not read by this program")
        }
    }
}
