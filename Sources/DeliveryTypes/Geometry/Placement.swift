/// Where one rectangle lies in another, by imgproxy's rules and rounding.
package enum Placement {
    /// The top-left corner of `inner` in `outer`.
    ///
    /// Offsets of magnitude ≥ 1 are pixels times `devicePixelRatio`, smaller ones a share of `outer`'s side; they count
    /// inwards from the anchored edge, rightwards and downwards from the middle. Smart gravity places in the middle.
    ///
    /// With `mayOverflow` parts of `inner` may lie outside (watermarks), though one pixel always stays inside; without,
    /// the place is clamped so that `inner` lies inside, or at 0 on an axis on which it is larger.
    package static func position(
        of inner: PixelSize,
        in outer: PixelSize,
        gravity: Gravity,
        devicePixelRatio: Double = 1,
        mayOverflow: Bool = false
    ) -> PixelPoint {
        let isPoint = gravity.anchor == .focusPoint
        let direction = gravity.anchor.direction
        let offsets = gravity.anchor == .smart ? (x: 0, y: 0) : (x: gravity.x, y: gravity.y)
        return PixelPoint(
            x: position(
                of: inner.width,
                in: outer.width,
                anchor: isPoint ? nil : direction.horizontal,
                offset: offsets.x,
                devicePixelRatio: devicePixelRatio,
                mayOverflow: mayOverflow
            ),
            y: position(
                of: inner.height,
                in: outer.height,
                anchor: isPoint ? nil : direction.vertical,
                offset: offsets.y,
                devicePixelRatio: devicePixelRatio,
                mayOverflow: mayOverflow
            )
        )
    }

    /// One axis: `anchor` is −1 (start), 0 (middle), 1 (end) or `nil` when `offset` is a focus point in 0…1.
    private static func position(
        of inner: Int,
        in outer: Int,
        anchor: Int?,
        offset: Double,
        devicePixelRatio: Double,
        mayOverflow: Bool
    ) -> Int {
        let inner = min(max(inner, 1), Pixels.max)
        let outer = min(max(outer, 1), Pixels.max)
        let place: Int
        if let anchor {
            let distance = Pixels.offset(offset, along: outer, devicePixelRatio: devicePixelRatio)
            switch anchor {
            case 0: place = Pixels.evenly(Double(outer - inner + 1) / 2) + distance
            case 1: place = outer - inner - distance
            default: place = distance
            }
        } else {
            place = Pixels.evenly(Double(outer) * offset) - inner / 2
        }
        let bounds = mayOverflow ? (1 - inner, outer - 1) : (0, outer - inner)
        return max(bounds.0, min(place, bounds.1))
    }
}
