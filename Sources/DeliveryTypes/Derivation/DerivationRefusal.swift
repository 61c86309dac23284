/// Why a rendition is not made from a cached one.
///
/// Raw values are short words for logs and metrics; there is one of each
/// for every rule, and `docs/decisions/0016-derivation.md` says what each is good for.
package enum DerivationRefusal: String, Error, Hashable, Sendable, CaseIterable {
    // About the two together
    /// Not the same picture, or not the same cache buster.
    case otherSource = "other-source"
    /// The parent is less than `Derivation.ratioMin` times as large, on one axis or both.
    case tooSmall = "too-small"
    /// Another part of the picture, turned otherwise, or laid out otherwise by more than `Derivation.shiftMax`.
    case otherView = "other-view"
    /// The parent lost transparency that the child shows, or is painted with another background.
    case otherGround = "other-ground"
    /// The parent lost more to its encoder than the child may show.
    case poorParent = "poor-parent"
    /// The child keeps the author's rights, and the parent does not hold them.
    case lostRights = "lost-rights"

    // About the source
    /// Format and size of the source are not known, so that the child's cannot be foretold.
    case unknownSource = "unknown-source"
    /// Several frames.
    case animated
    /// A drawing: it is sharper when drawn anew.
    case vector
    /// The URL's or the server's limits refuse the source, or the parent as a source.
    case limited

    // About either of them
    /// Bytes of the source, or a later page of it, or its embedded thumbnail.
    case untouched
    case page
    case thumbnail
    /// A border was cut off, so that the size is not known beforehand.
    case trimmed
    /// What is cut depends on the pixels.
    case smartCrop = "smart-crop"
    /// Blurred, sharpened or in cells, all of which count pixels.
    case filtered
    /// A watermark, a picture or a text is drawn over it.
    case overlaid
    /// Metadata or a colour profile is kept.
    case metadata
    /// The quality is searched for.
    case searchedQuality = "searched-quality"
    /// A palette (GIF), or a format that is not written.
    case format
    /// The parent's recorded size is not what its transformation gives under these limits.
    case inconsistent
}
