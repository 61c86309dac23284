import DeliveryTypes

/// A watermark or layer as it is drawn: its pixels in memory, at their final size.
final class PreparedOverlay {
    let raster: Raster
    let position: PixelPoint
    /// 0…1.
    let opacity: Double

    init(_ raster: consuming Raster, at position: PixelPoint, opacity: Double) {
        self.raster = raster
        self.position = position
        self.opacity = opacity
    }
}
