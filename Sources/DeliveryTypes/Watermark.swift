/// The server's or a URL's watermark picture, drawn over the finished rendition.
package struct Watermark: Hashable, Sendable, Codable {
    package enum Position: Hashable, Sendable, Codable {
        /// One copy, placed by gravity. Offsets work as in `Gravity`.
        case anchored(Gravity)
        /// Tiled over the whole rendition; `x` and `y` (≥ 0) are the spacing between the tiles, ≥ 1 in pixels (scaled
        /// by `dpr`), below 1 a share of the rendition's side.
        case replicated(x: Double, y: Double)
        /// Like `replicated`, but every other row starts half a tile later.
        case chessboard(x: Double, y: Double)
    }

    /// 0…1, multiplied into the watermark's own alpha.
    package var opacity: Double
    package var position: Position
    /// Share of the rendition's size that the watermark is fitted into; 0 keeps its own size (times `dpr`).
    package var scale: Double
    /// Where the picture comes from; `nil` is the server's configured watermark.
    package var source: SourceReference?

    package init(
        opacity: Double,
        position: Position = .anchored(Gravity()),
        scale: Double = 0,
        source: SourceReference? = nil
    ) {
        self.opacity = opacity
        self.position = position
        self.scale = scale
        self.source = source
    }
}
