package import FoundationEssentials

/// What a store knows of an object without its bytes.
package struct ObjectMetadata: Hashable, Sendable {
    package var key: ObjectKey
    /// The whole object, in bytes.
    package var size: Int
    /// As given with `put`, or derived from the key's extension by stores that keep no types (files, and any listing).
    package var mediaType: String
    /// When the object's bytes were written, by the store's clock.
    package var modified: Date
    /// Opaque, without quotes, another one after every `put` of other bytes; `nil` if the store has none.
    package var entityTag: String?

    package init(key: ObjectKey, size: Int, mediaType: String, modified: Date, entityTag: String?) {
        self.key = key
        self.size = size
        self.mediaType = mediaType
        self.modified = modified
        self.entityTag = entityTag
    }
}
