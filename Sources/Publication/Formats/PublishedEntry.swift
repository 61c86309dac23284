package import DeliveryTypes

/// One number of an app's pointer log: what was published, by whom, when and why.
///
/// The highest number is the release in force. docs/formats/settings-log.md describes the stored form.
package struct PublishedEntry: Hashable, Sendable, Codable {
    /// The version that is written, and the newest that is read.
    package static let formatVersion = 1

    package var version: Int
    /// Begins with 1, without gaps.
    package var number: Int
    /// The content hash of the release's manifest.
    package var manifest: ContentDigest
    /// Whoever published, as the publishing program said.
    package var author: String
    /// Milliseconds since 1970 by the publisher's clock.
    package var published: Int64
    package var comment: String?
    /// The number whose manifest this is, if the entry is a roll-back.
    package var rollbackOf: Int?
    /// What changed against the number before.
    package var summary: DiffSummary
    /// 32 hexadecimal digits, another one in each entry: tells whose an entry is when the store's answer got lost.
    package var nonce: String

    package init(
        number: Int,
        manifest: ContentDigest,
        author: String,
        published: Int64,
        comment: String?,
        rollbackOf: Int?,
        summary: DiffSummary,
        nonce: String
    ) {
        version = Self.formatVersion
        self.number = number
        self.manifest = manifest
        self.author = author
        self.published = published
        self.comment = comment
        self.rollbackOf = rollbackOf
        self.summary = summary
        self.nonce = nonce
    }

    /// One line of JSON, members in alphabetical order, and a line feed.
    package func encoded() throws(PublicationError) -> [UInt8] { try StoredJSON.encode(self) }

    /// - Throws: `damaged` for anything but an entry of a known version that says it is `number`.
    package init(decoding bytes: [UInt8], number: Int, from name: String) throws(PublicationError) {
        self = try StoredJSON.decode(Self.self, from: bytes, name: name)
        guard version == Self.formatVersion, self.number == number else {
            throw .damaged(name, reason: "it says it is number \(self.number) of version \(version)")
        }
    }
}
