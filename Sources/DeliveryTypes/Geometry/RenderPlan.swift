/// The geometry of one rendition: every number that the pixel steps need, computed before a pixel is touched.
///
/// A plan is a pure function of the transformation, the source's header (after trimming) and the limits; it follows
/// imgproxy's order of steps and its rounding. It costs microseconds, never fails and never traps: whatever a URL
/// asks for, all sizes are at least 1 pixel and the result keeps within the limits.
///
/// The steps, in order, for one frame:
/// 1. load, shrinking on load by up to `loadShrink` (rasters) or at `vectorScale` (SVG);
/// 2. cut `crop(afterLoading:)` out of the loaded frame — in *stored* coordinates, before orientation;
/// 3. resize by `resizeFactors(from:)` — stored coordinates — which gives exactly `scaledSize` after the turn;
/// 4. turn by `turn`; from here on everything is in the viewer's coordinates;
/// 5. cut `resultCrop`; the picture is now `croppedSize`;
/// 6. (blur, sharpen, pixelate)
/// 7. lay on `extension`, then on `aspectRatioExtension`, then on `padding`; the picture is now `resultSize`;
/// 8. flatten, then draw watermark and layers, with offsets scaled by `devicePixelRatio`.
package struct RenderPlan: Hashable, Sendable {
    /// What is known of the source when the plan is made.
    package struct Source: Hashable, Sendable {
        /// Stored size of one frame in pixels: before orientation, after trimming.
        package var size: PixelSize
        /// EXIF orientation, 1…8.
        package var orientation: Int
        /// Whether the source is drawn at any size (SVG); such sources may be enlarged freely.
        package var isVector: Bool

        package init(size: PixelSize, orientation: Int = 1, isVector: Bool = false) {
            self.size = size
            self.orientation = orientation
            self.isVector = isVector
        }
    }

    /// A part to cut out.
    package enum Region: Hashable, Sendable {
        case rectangle(PixelRectangle)
        /// As much as this size, wherever the picture is most interesting (vips_smartcrop, "attention").
        case smart(PixelSize)

        package var size: PixelSize {
            switch self {
            case .rectangle(let rectangle): rectangle.size
            case .smart(let size): size
            }
        }
    }

    /// The source that the plan was made for; a vector larger than `sourcePixelsMax` is already scaled down here.
    package let source: Source
    /// EXIF orientation (unless auto-rotation is off), rotation and flips in one.
    package let turn: Turn
    /// The picture's size in the viewer's coordinates, before any cutting.
    package let orientedSize: PixelSize
    /// Size of the area cut before scaling, in the viewer's coordinates; `nil` when nothing is cut.
    package let cropSize: PixelSize?
    /// Gravity of that cut, in the viewer's coordinates.
    package let cropGravity: Gravity
    /// Size after scaling, in the viewer's coordinates.
    package let scaledSize: PixelSize
    /// The final cut, in the viewer's coordinates of the scaled picture; `nil` when nothing is cut.
    package let resultCrop: Region?
    /// Size after the final cut.
    package let croppedSize: PixelSize
    /// The canvas of the option `extend`; `nil` when the picture already fills it.
    package let `extension`: Canvas?
    /// The canvas of the option `extend_aspect_ratio`; `nil` when the picture already has the ratio.
    package let aspectRatioExtension: Canvas?
    /// The canvas with padding around it; `nil` when there is none.
    package let padding: Canvas?
    /// The finished rendition.
    package let resultSize: PixelSize
    /// The ratio in force for offsets, padding, watermark and layers: the URL's `dpr`, reduced where the source is too
    /// small for it (unless enlarging) or where the result had to be limited.
    package let devicePixelRatio: Double
    /// How far a decoder may shrink the frame on both axes without losing detail that the result needs, ≥ 1.
    ///
    /// It is 1 for vectors. Trimmed sources cannot be shrunk on load: their pixels exist already.
    package let loadShrink: Double
    /// At which scale to draw a vector, relative to its nominal size as the loader reports it; 1 for rasters.
    ///
    /// Bounded so that the drawing has at most `sourcePixelsMax` pixels, however small a part of it is wanted.
    package let vectorScale: Double

    /// Plans a rendition written as `format`, whose own bounds limit the size too.
    ///
    /// Of `limits`, `sourcePixelsMax` is used for vectors only; checking rasters against it is the decoder's business.
    package init(
        _ transformation: Transformation,
        source: Source,
        format: ImageFormat,
        limits: RenderLimits = RenderLimits()
    ) {
        var source = source
        let guardScale = Self.fitVector(&source, pixelsMax: limits.sourcePixelsMax)
        let turn = Self.turn(transformation, source: source)
        let oriented = turn.applied(to: source.size)
        let area = Self.cropArea(transformation.crop, of: oriented)
        let sideMax = Self.sideMax(transformation, format: format, limits: limits)
        let sizes = StepSizes(
            transformation.sanitized,
            area: area,
            isVector: source.isVector,
            sideMax: sideMax
        )

        self.source = source
        self.turn = turn
        self.orientedSize = oriented
        self.cropSize = area == oriented ? nil : area
        self.cropGravity = transformation.crop?.gravity ?? transformation.gravity
        self.scaledSize = sizes.scaled
        self.croppedSize = sizes.cropped
        self.resultCrop =
            sizes.cropped == sizes.scaled
            ? nil
            : Self.region(
                of: sizes.cropped,
                in: sizes.scaled,
                gravity: transformation.gravity,
                devicePixelRatio: sizes.devicePixelRatio
            )
        let canvases = Canvases(transformation, sizes: sizes)
        self.extension = canvases.extension
        self.aspectRatioExtension = canvases.aspectRatio
        self.padding = canvases.padding
        self.resultSize = canvases.resultSize
        self.devicePixelRatio = sizes.devicePixelRatio

        let wanted = Self.smallestShrink(of: oriented, scaleX: sizes.scaleX, scaleY: sizes.scaleY)
        self.loadShrink = source.isVector ? 1 : max(1, wanted)
        self.vectorScale =
            source.isVector
            ? guardScale * Self.drawingScale(1 / wanted, of: source.size, pixelsMax: limits.sourcePixelsMax)
            : 1
    }

    /// The power of two, 1…8, by which libjpeg may shrink while decoding.
    package var jpegShrink: Int {
        switch loadShrink {
        case 8...: 8
        case 4...: 4
        case 2...: 2
        default: 1
        }
    }

    /// The size of the frame, in stored coordinates, that the decoder of `format` gives after shrinking on load.
    ///
    /// Libjpeg rounds up, libwebp to the nearest; the others do not shrink.
    package func loadedSize(of format: ImageFormat) -> PixelSize {
        switch format {
        case .jpeg:
            let shrink = jpegShrink
            return PixelSize(
                width: (source.size.width + shrink - 1) / shrink,
                height: (source.size.height + shrink - 1) / shrink
            )
        case .webp where loadShrink > 1:
            return PixelSize(
                width: max(1, Pixels.rounded(Double(source.size.width) / loadShrink)),
                height: max(1, Pixels.rounded(Double(source.size.height) / loadShrink))
            )
        default: return source.size
        }
    }

    /// What to cut out of the loaded frame before resizing.
    ///
    /// - Parameter loaded: the frame's size as decoded, stored orientation, possibly shrunk on load.
    /// - Returns: a region in the loaded frame's coordinates, or `nil` when all of it is wanted.
    package func crop(afterLoading loaded: PixelSize) -> Region? {
        guard let cropSize else { return nil }
        let wanted = turn.applied(to: cropSize)
        let shrinkX = Double(source.size.width) / Double(max(loaded.width, 1))
        let shrinkY = Double(source.size.height) / Double(max(loaded.height, 1))
        let size = PixelSize(
            width: min(max(1, Pixels.rounded(Double(wanted.width) / shrinkX)), max(loaded.width, 1)),
            height: min(max(1, Pixels.rounded(Double(wanted.height) / shrinkY)), max(loaded.height, 1))
        )
        guard size.width < loaded.width || size.height < loaded.height else { return nil }
        var gravity = turn.undone(on: cropGravity)
        if gravity.anchor != .focusPoint {
            // Offsets in pixels shrink with the picture; rounding keeps 1.0 from turning into a share.
            if abs(gravity.x) >= 1 { gravity.x = (gravity.x / shrinkX).rounded(.toNearestOrEven) }
            if abs(gravity.y) >= 1 { gravity.y = (gravity.y / shrinkY).rounded(.toNearestOrEven) }
        }
        return Self.region(of: size, in: loaded, gravity: gravity, devicePixelRatio: 1)
    }

    /// By what the cut-out picture is resized, per axis of the stored coordinates (1 is "as it is").
    ///
    /// Multiplied by `cropped` and rounded to the nearest pixel, the factors give exactly `scaledSize` (turned back).
    package func resizeFactors(from cropped: PixelSize) -> (horizontal: Double, vertical: Double) {
        let target = turn.applied(to: scaledSize)
        return (
            Double(target.width) / Double(max(cropped.width, 1)),
            Double(target.height) / Double(max(cropped.height, 1))
        )
    }
}
