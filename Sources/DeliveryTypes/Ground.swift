/// What is under transparent pixels and in the area that canvases add.
package struct Ground: Hashable, Sendable {
    /// The colour; `nil` leaves transparency.
    package let color: Color?
    /// Opacity of the colour, 0…1.
    package let opacity: Double
    /// Whether transparency has to go in the end.
    package let isOpaque: Bool

    /// A URL's background; where there is none, white under what a format cannot keep transparent (imgproxy's choice).
    package init(_ transformation: Transformation, format: ImageFormat) {
        let white = Color(red: 255, green: 255, blue: 255)
        let opacity = min(max(transformation.backgroundAlpha, 0), 1)
        let background = opacity > 0 ? transformation.background : nil
        color = background ?? (format.keepsAlpha ? nil : white)
        self.opacity = background == nil ? 1 : opacity
        isOpaque = !format.keepsAlpha || (background != nil && opacity == 1)
    }

    /// The colour of added canvas: transparent where the ground is painted in later.
    package var canvasColor: Color? { opacity == 1 ? color : nil }

    package var isGrey: Bool {
        guard let color else { return true }
        return color.red == color.green && color.green == color.blue
    }
}
