package import DeliveryTypes

/// A part of the listing of all originals.
package struct OriginalPage: Hashable, Sendable {
    /// In the order of their ids.
    package var originals: [Original]
    /// Those whose record cannot be read.
    package var damaged: [ContentDigest]
    /// Pass it as `after` for the next page, which may be empty; `nil` if this page is the last.
    package var next: ContentDigest?
}
