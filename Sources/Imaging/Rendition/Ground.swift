import DeliveryTypes

/// What is under transparent pixels and in the area that canvases add.
struct Ground {
    /// The colour; `nil` leaves transparency.
    var color: Color?
    /// Opacity of the colour, 0…1.
    var opacity: Double
    /// Whether transparency has to go in the end.
    var isOpaque: Bool

    /// A URL's background; where there is none, white under what a format cannot keep transparent (imgproxy's choice).
    init(_ transformation: Transformation, format: ImageFormat) {
        let white = Color(red: 255, green: 255, blue: 255)
        let opacity = min(max(transformation.backgroundAlpha, 0), 1)
        color = opacity > 0 ? transformation.background : nil
        self.opacity = color == nil ? 1 : opacity
        if color == nil, !format.keepsAlpha { color = white }
        isOpaque = !format.keepsAlpha || (color != nil && self.opacity == 1)
    }

    /// The colour of added canvas: transparent where the ground is painted in later.
    var canvasColor: Color? { opacity == 1 ? color : nil }

    var isGrey: Bool {
        guard let color else { return true }
        return color.red == color.green && color.green == color.blue
    }
}
