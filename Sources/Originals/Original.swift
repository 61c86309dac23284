package import DeliveryTypes
package import FoundationEssentials

/// A stored original's record: what is known of it beside its bytes (docs/formats/original.md).
package struct Original: Hashable, Sendable {
    /// The SHA-256 of its bytes.
    package let id: ContentDigest
    package var facts: PictureFacts
    /// When it was first stored, in whole seconds.
    package let created: Date
    /// Whoever is paid for its uses; `nil` if nobody was named.
    package var owner: String?
    package var visibility: Visibility
    /// The name that the first uploader's file had, without folders.
    package var filename: String?

    package init(
        id: ContentDigest,
        facts: PictureFacts,
        created: Date,
        owner: String? = nil,
        visibility: Visibility = .public,
        filename: String? = nil
    ) {
        self.id = id
        self.facts = facts
        self.created = Date(timeIntervalSince1970: created.timeIntervalSince1970.rounded(.down))
        self.owner = owner
        self.visibility = visibility
        self.filename = filename
    }
}
