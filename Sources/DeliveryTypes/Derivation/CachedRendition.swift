/// What is known of a rendition in a cache, or of the original's own bytes there: a possible parent.
package struct CachedRendition: Hashable, Sendable {
    package var source: SourceReference
    /// What it was made with; `raw` for the original's bytes.
    package var transformation: Transformation
    package var format: ImageFormat
    /// Size of one frame, in pixels.
    package var size: PixelSize
    package var frames: Int
    /// What the encoder was told, 1…100; `nil` where the format has none.
    package var quality: Int?
    /// Whether the original names its author or rights (`RenderResult.Head.hasRights`); `nil` if nobody told.
    package var hasRights: Bool?
    /// The original's header, as the worker read it; `nil` if nobody told.
    package var original: PictureFacts?

    package init(
        source: SourceReference,
        transformation: Transformation,
        format: ImageFormat,
        size: PixelSize,
        frames: Int = 1,
        quality: Int? = nil,
        hasRights: Bool? = nil,
        original: PictureFacts? = nil
    ) {
        self.source = source
        self.transformation = transformation
        self.format = format
        self.size = size
        self.frames = frames
        self.quality = quality
        self.hasRights = hasRights
        self.original = original
    }

    /// The rendition that a worker made; `nil` if it made none.
    package init?(source: SourceReference, transformation: Transformation, head: RenderResult.Head) {
        guard let format = head.format, let size = head.size else { return nil }
        self.init(
            source: source,
            transformation: transformation,
            format: format,
            size: size,
            frames: head.frames,
            quality: head.quality,
            hasRights: head.hasRights,
            original: head.source
        )
    }

    /// As if it were asked for, in the format that it has: whether it could be made from another one.
    package var wanted: WantedRendition {
        WantedRendition(source: source, transformation: transformation, target: .format(format))
    }
}
