/// One number of an app's key log: all keys of the app from then on.
///
/// The highest number is in force. docs/formats/settings-log.md describes the stored form.
package struct KeysEntry: Hashable, Sendable, Codable {
    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1

    package var version: Int
    /// Begins with 1, without gaps.
    package var number: Int
    /// Newest first; none that had expired when the entry was written.
    package var keys: [AppKey]
    package var author: String
    /// Milliseconds since 1970.
    package var changed: Int64
    package var nonce: String

    package init(number: Int, keys: [AppKey], author: String, changed: Int64, nonce: String) {
        version = Self.formatVersion
        self.number = number
        self.keys = keys
        self.author = author
        self.changed = changed
        self.nonce = nonce
    }

    package func encoded() throws(PublicationError) -> [UInt8] { try StoredJSON.encode(self) }

    /// - Throws: `damaged` for anything but an entry of a known version that says it is `number`.
    package init(decoding bytes: [UInt8], number: Int, from name: String) throws(PublicationError) {
        self = try StoredJSON.decode(Self.self, from: bytes, name: name)
        guard version == Self.formatVersion, self.number == number else {
            throw .damaged(name, reason: "it says it is number \(self.number) of version \(version)")
        }
    }
}
