/// Which part of its source a rendition shows, and where: one axis of it.
///
/// A rendition is a straight map from the upright source to the result's pixels: the part from `shown` (shares of the
/// source's side) lies on `content` (pixels of the result), and what is left and right of that is canvas.
struct SourceViewAxis: Hashable, Sendable {
    /// The result's side in pixels.
    var length: Int
    var contentStart: Double
    var contentEnd: Double
    var shownStart: Double
    var shownEnd: Double

    /// Whether all of the side is shown, and nothing beside it.
    var isWhole: Bool { contentStart == 0 && contentEnd == Double(length) && shownStart == 0 && shownEnd == 1 }

    /// By how many of this axis' pixels the picture would be out of place if `other` were scaled to this length: the
    /// largest distance of a point of the picture, or of the picture's border, from where it belongs.
    func shift(of other: SourceViewAxis) -> Double {
        let scale = Double(length) / Double(other.length)
        let borders = max(
            abs(other.contentStart * scale - contentStart),
            abs(other.contentEnd * scale - contentEnd)
        )
        // Both maps are straight, so that their distance is largest at an end.
        let ends = [shownStart, shownEnd].map { abs(other.place(of: $0) * scale - place(of: $0)) }
        return max(borders, ends[0], ends[1])
    }

    /// Where a point of the source lies in the result.
    private func place(of share: Double) -> Double {
        let span = max(shownEnd - shownStart, .leastNormalMagnitude)
        return contentStart + (share - shownStart) / span * (contentEnd - contentStart)
    }
}
