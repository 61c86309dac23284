/// A width and a height in whole pixels.
///
/// Either side may be 0 where a caller's documentation gives 0 a meaning ("not limited", "follow the other side").
package struct PixelSize: Hashable, Sendable, Codable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Width times height, in pixels; saturates instead of overflowing.
    package var area: Int {
        let (product, overflow) = width.multipliedReportingOverflow(by: height)
        return overflow ? .max : product
    }

    /// The size after a quarter turn.
    package var transposed: PixelSize { PixelSize(width: height, height: width) }
}
