import CVips
import DeliveryTypes

/// A source whose format is known and whose header has been read and found within the limits; no pixel is decoded.
struct SourcePicture {
    /// The bytes as given, or what is left of an SVG after sanitising.
    let bytes: SourceBytes
    let facts: PictureFacts
    /// Pages or frames in the file.
    let pages: Int
    /// Whether the pages are shown one after another.
    let isAnimated: Bool
    /// The pixels of a BMP, which has no decoder that waits.
    private let bitmap: Bitmap?

    /// Reads the header.
    ///
    /// - Throws: `unsupportedSource`, `corruptSource` or `limitExceeded`.
    init(_ given: SourceBytes, limits: RenderLimits) throws(RenderFailure) {
        guard given.count <= limits.sourceBytesMax else {
            throw RenderFailure(
                .limitExceeded,
                "The picture has \(given.count) bytes, more than the limit of \(limits.sourceBytesMax)."
            )
        }
        let format = try Self.format(of: given)
        let bytes = try Self.safeBytes(given, format: format, limits: limits)
        self.bytes = bytes
        if format == .bmp {
            let bitmap = try bytes.withSpan { (span) throws(RenderFailure) in
                try BMPDecoder.bitmap(from: span, pixelsMax: limits.sourcePixelsMax)
            }
            self.bitmap = bitmap
            facts = PictureFacts(format: format, size: bitmap.size, hasAlpha: bitmap.hasAlpha, bytes: given.count)
            (pages, isAnimated) = (1, false)
        } else {
            let header = try Raster(bytes, format: format).header
            bitmap = nil
            pages = Int(header.pages)
            isAnimated = header.is_animated != 0 && format.keepsFrames
            facts = PictureFacts(
                format: format,
                size: PixelSize(width: Int(header.width), height: Int(header.height)),
                orientation: Int(header.orientation),
                frames: isAnimated ? pages : 1,
                hasAlpha: header.has_alpha != 0,
                bytes: given.count
            )
        }
        try check(limits)
    }

    /// The decoder's recipe; BMP is decoded at once.
    func raster(_ loading: Raster.Loading) throws(RenderFailure) -> Raster {
        if let bitmap { return try Raster(pixels: bitmap.pixels, size: bitmap.size, bands: bitmap.channels) }
        return try Raster(bytes, format: facts.format, loading)
    }

    private func check(_ limits: RenderLimits) throws(RenderFailure) {
        let size = facts.size
        guard size.width > 0, size.height > 0 else { throw RenderFailure(.corruptSource, "The picture has no pixels.") }
        // A drawing has no pixels of its own; the plan bounds those that are drawn.
        guard facts.format != .svg else { return }
        guard size.area <= limits.sourcePixelsMax else {
            throw Self.tooLarge(size, "The picture", max: limits.sourcePixelsMax)
        }
        guard !isAnimated || size.area <= limits.framePixelsMax else {
            throw Self.tooLarge(size, "A frame of the animation", max: limits.framePixelsMax)
        }
    }

    private static func tooLarge(_ size: PixelSize, _ what: String, max: Int) -> RenderFailure {
        RenderFailure(
            .limitExceeded,
            "\(what) has \(size.width) × \(size.height) pixels, more than the limit of \(max)."
        )
    }

    private static func format(of bytes: SourceBytes) throws(RenderFailure) -> ImageFormat {
        guard let format = bytes.withSpan({ FormatSniffer.finding(for: $0)?.format }) else {
            throw RenderFailure(.unsupportedSource, "The source is not a picture that is read.")
        }
        return format
    }

    /// What may be shown to libvips: SVG without scripts and references, animations of a sane number of frames.
    private static func safeBytes(
        _ bytes: SourceBytes,
        format: ImageFormat,
        limits: RenderLimits
    ) throws(RenderFailure) -> SourceBytes {
        if format == .svg {
            let clean = try bytes.withSpan { (span) throws(RenderFailure) in try SVGSanitizer.sanitized(span) }
            try EmbeddedPictures.check(clean, limits: limits)
            return SourceBytes(copying: clean)
        }
        let count = bytes.withSpan { FrameCount($0, format: format) }
        guard count.frames <= FrameCount.max else {
            throw RenderFailure(.limitExceeded, "The animation has more than \(FrameCount.max) frames.")
        }
        guard !count.isCutOff else { throw RenderFailure(.corruptSource, "The picture ends too early.") }
        return bytes
    }
}
