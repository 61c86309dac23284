/// A pixel's place: `x` to the right, `y` down, counted from a picture's top-left corner; may be negative.
package struct PixelPoint: Hashable, Sendable {
    package var x: Int
    package var y: Int

    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}
