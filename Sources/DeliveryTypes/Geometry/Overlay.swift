/// The geometry of what is drawn over a finished rendition: watermarks and layers.
package enum Overlay {
    /// The size at which a watermark or layer is drawn.
    ///
    /// With a `share` (> 0) the picture is fitted, enlarging if needed, into that share of the canvas' width and
    /// height; with 0 it keeps its own size times `ownScale` (imgproxy's watermark: 1; layers: the pixel ratio in
    /// force).
    package static func size(
        of own: PixelSize,
        share: Double,
        on canvas: PixelSize,
        ownScale: Double = 1
    ) -> PixelSize {
        let width = Double(min(max(own.width, 1), Pixels.max))
        let height = Double(min(max(own.height, 1), Pixels.max))
        var scale = ownScale.isFinite && ownScale > 0 ? ownScale : 1
        if share > 0 {
            let boxWidth = max(1, Pixels.evenly(Double(canvas.width) * share))
            let boxHeight = max(1, Pixels.evenly(Double(canvas.height) * share))
            scale = min(Double(boxWidth) / width, Double(boxHeight) / height)
        }
        return PixelSize(
            width: max(1, Pixels.rounded(width * scale)),
            height: max(1, Pixels.rounded(height * scale))
        )
    }

    /// How to cover a canvas with copies of a picture.
    ///
    /// Draw a transparent picture of size `cell` with one copy at each of `copies` (some partly outside), repeat it
    /// `columns` × `rows` times, and cut the canvas' size out of that at `origin`.
    package struct Tiling: Hashable, Sendable {
        package var cell: PixelSize
        package var copies: [PixelPoint]
        package var columns: Int
        package var rows: Int
        package var origin: PixelPoint
    }

    /// Copies of `size` with `spacing` pixels (times `devicePixelRatio`) between them, one of them in the middle.
    ///
    /// With `isChessboard`, every other row starts half a tile later.
    package static func tiling(
        of size: PixelSize,
        spacing: PixelPoint,
        isChessboard: Bool,
        on canvas: PixelSize,
        devicePixelRatio: Double
    ) -> Tiling {
        let spacingX = max(0, Pixels.evenly(Double(spacing.x) * devicePixelRatio))
        let spacingY = max(0, Pixels.evenly(Double(spacing.y) * devicePixelRatio))
        // Beyond the canvas' own size more spacing shows no difference, and cells stay small enough to draw.
        let tile = PixelSize(
            width: max(1, size.width) + min(spacingX, max(1, canvas.width)),
            height: max(1, size.height) + min(spacingY, max(1, canvas.height))
        )
        let inset = PixelPoint(x: (tile.width - size.width) / 2, y: (tile.height - size.height) / 2)
        var cell = tile
        var copies = [inset]
        if isChessboard {
            cell.height *= 2
            let half = tile.width / 2
            copies.append(PixelPoint(x: inset.x + half, y: inset.y + tile.height))
            copies.append(PixelPoint(x: inset.x + half - tile.width, y: inset.y + tile.height))
        }
        let (columns, x) = repetitions(of: tile.width, period: cell.width, over: canvas.width)
        let (rows, y) = repetitions(of: tile.height, period: cell.height, over: canvas.height)
        return Tiling(cell: cell, copies: copies, columns: columns, rows: rows, origin: PixelPoint(x: x, y: y))
    }

    /// How often a period is repeated so that a whole tile lies in the middle of `side`, and where the side begins.
    private static func repetitions(of tile: Int, period: Int, over side: Int) -> (count: Int, origin: Int) {
        let side = max(1, side)
        let lead = max(0, (side - tile + 1) / 2)
        let before = (lead + period - 1) / period
        let origin = before * period - (side - tile) / 2
        return ((origin + side + period - 1) / period, origin)
    }
}
