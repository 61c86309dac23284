package import DeliveryTypes

/// Decoded pixels in memory: sRGB, 8 bits a channel, rows from top to bottom without gaps.
package struct Bitmap: Hashable, Sendable {
    package let size: PixelSize
    /// Whether a pixel has four bytes (red, green, blue, alpha; not premultiplied) instead of three.
    package let hasAlpha: Bool
    package let pixels: [UInt8]

    /// - Precondition: both sides are at least 1 and `pixels` holds exactly all of them.
    package init(size: PixelSize, hasAlpha: Bool, pixels: [UInt8]) {
        precondition(size.width > 0 && size.height > 0, "a bitmap has pixels")
        precondition(size.area.multipliedReportingOverflow(by: hasAlpha ? 4 : 3) == (pixels.count, false))
        self.size = size
        self.hasAlpha = hasAlpha
        self.pixels = pixels
    }

    /// Bytes of one pixel, 3 or 4.
    package var channels: Int { hasAlpha ? 4 : 3 }
}
