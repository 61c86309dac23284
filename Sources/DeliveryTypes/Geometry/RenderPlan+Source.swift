extension RenderPlan {
    /// Libvips' own bound of a side (VIPS_MAX_COORD), for formats whose bound is larger.
    static let libraryMax = 10_000_000

    /// The longest side that an encoder takes, in pixels.
    static func encoderMax(_ format: ImageFormat) -> Int {
        switch format {
        case .webp: 16_383  // WEBP_MAX_DIMENSION
        case .jpeg: 65_500  // JPEG_MAX_DIMENSION of libjpeg-turbo
        case .gif: 65_535  // 16-bit fields of the logical screen
        case .avif, .heic: 16_384  // libheif's bound
        case .png, .jxl, .tiff, .bmp, .svg: libraryMax
        }
    }

    /// The longest side that the result may have: the tightest of server, URL, encoder and library.
    static func sideMax(_ transformation: Transformation, format: ImageFormat, limits: RenderLimits) -> Int {
        let bounds = [limits.resultSideMax, transformation.maximumResultDimension ?? 0].filter { $0 > 0 }
        return min(bounds.min() ?? libraryMax, encoderMax(format), libraryMax)
    }

    /// Sets the source's sides to 1…`Pixels.max` and a vector's so that its area is within bounds.
    ///
    /// - Returns: the scale that was applied, ≤ 1.
    static func fitVector(_ source: inout Source, pixelsMax: Int) -> Double {
        source.size.width = min(max(source.size.width, 1), Pixels.max)
        source.size.height = min(max(source.size.height, 1), Pixels.max)
        guard source.isVector, pixelsMax > 0 else { return 1 }
        let area = Double(source.size.width) * Double(source.size.height)
        guard area > Double(pixelsMax) else { return 1 }
        let scale = (Double(pixelsMax) / area).squareRoot()
        source.size.width = max(1, Pixels.rounded(Double(source.size.width) * scale))
        source.size.height = max(1, Pixels.rounded(Double(source.size.height) * scale))
        return scale
    }

    static func turn(_ transformation: Transformation, source: Source) -> Turn {
        var turn = transformation.autoRotate ? Turn(exifOrientation: source.orientation) : .none
        turn = turn.rotated(degrees: transformation.rotation)
        if transformation.flipHorizontal { turn = turn.flippedHorizontally() }
        if transformation.flipVertical { turn = turn.flippedVertically() }
        return turn
    }

    /// The area that is scaled: `size`, or the part of it that `crop` keeps.
    static func cropArea(_ crop: Transformation.Crop?, of size: PixelSize) -> PixelSize {
        guard let crop else { return size }
        return PixelSize(
            width: cropSide(crop.width, of: size.width),
            height: cropSide(crop.height, of: size.height)
        )
    }

    private static func cropSide(_ wanted: Double, of side: Int) -> Int {
        guard wanted > 0 else { return side }
        let pixels = wanted >= 1 ? Pixels.truncated(wanted) : max(1, Pixels.rounded(Double(side) * wanted))
        return min(pixels, side)
    }

    static func region(of size: PixelSize, in outer: PixelSize, gravity: Gravity, devicePixelRatio: Double) -> Region {
        if gravity.anchor == .smart { return .smart(size) }
        let origin = Placement.position(of: size, in: outer, gravity: gravity, devicePixelRatio: devicePixelRatio)
        return .rectangle(PixelRectangle(origin: origin, size: size))
    }

    /// The smaller of the two axes' shrink factors, for the size which the whole oriented picture would be scaled to.
    ///
    /// Whole pixels are compared, not the factors themselves: when one axis is rounded up, shrinking on load by the
    /// exact factor would lose a row that is still needed.
    static func smallestShrink(of size: PixelSize, scaleX: Double, scaleY: Double) -> Double {
        let width = max(1, Pixels.rounded(Double(size.width) * scaleX))
        let height = max(1, Pixels.rounded(Double(size.height) * scaleY))
        return min(Double(size.width) / Double(width), Double(size.height) / Double(height))
    }

    /// `scale`, reduced until a drawing of `size` at that scale has at most `pixelsMax` pixels.
    static func drawingScale(_ scale: Double, of size: PixelSize, pixelsMax: Int) -> Double {
        guard pixelsMax > 0 else { return scale }
        let area = Double(size.width) * Double(size.height)
        return min(scale, (Double(pixelsMax) / area).squareRoot())
    }
}
