/// A part of a picture, in whole pixels: its top-left corner and its size (both sides at least 1).
package struct PixelRectangle: Hashable, Sendable {
    package var origin: PixelPoint
    package var size: PixelSize

    package init(origin: PixelPoint, size: PixelSize) {
        self.origin = origin
        self.size = size
    }
}
