/// A larger area that a picture is laid on, with the place of the picture's top-left corner (never negative).
///
/// The uncovered part is filled with the background.
package struct Canvas: Hashable, Sendable {
    package var size: PixelSize
    package var position: PixelPoint

    package init(size: PixelSize, position: PixelPoint) {
        self.size = size
        self.position = position
    }
}
