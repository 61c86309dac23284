package import DeliveryTypes

/// An upload that has come to its end and is not stored yet: what an inspection looks at.
package struct StagedPicture: Hashable, Sendable {
    /// A file with its bytes, to be read only; it goes away when the inspection has returned.
    package var path: String
    package var id: ContentDigest
    /// Bytes.
    package var size: Int
}
