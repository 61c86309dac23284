/// One more picture or text over a rendition.
package struct Layer: Hashable, Sendable, Codable {
    package enum Content: Hashable, Sendable, Codable {
        case picture(SourceReference)
        case text(Text)
    }

    /// A text set by Pango.
    ///
    /// Markup is never interpreted.
    package struct Text: Hashable, Sendable, Codable {
        package var string: String
        /// Height of the font in pixels before `dpr`, > 0.
        package var size: Double
        package var color: Color
        /// A fontconfig family, with optional style words ("DejaVu Sans Bold"); `nil` is "sans".
        package var font: String?
        /// Width in pixels at which lines wrap; 0 never wraps.
        package var wrapWidth: Int

        package init(
            string: String,
            size: Double = 24,
            color: Color = Color(red: 0, green: 0, blue: 0),
            font: String? = nil,
            wrapWidth: Int = 0
        ) {
            self.string = string
            self.size = size
            self.color = color
            self.font = font
            self.wrapWidth = wrapWidth
        }
    }

    package var content: Content
    package var gravity: Gravity
    /// 0…1.
    package var opacity: Double
    /// For pictures: share of the rendition's size to fit into; 0 keeps the layer's own size (times `dpr`).
    package var scale: Double
    /// Clockwise degrees.
    package var rotation: Double

    package init(
        content: Content,
        gravity: Gravity = Gravity(),
        opacity: Double = 1,
        scale: Double = 0,
        rotation: Double = 0
    ) {
        self.content = content
        self.gravity = gravity
        self.opacity = opacity
        self.scale = scale
        self.rotation = rotation
    }
}
