/// One piece of work for a render worker, without the bytes: they travel beside it, the picture first, then one
/// source for every entry of `layerSources`.
package struct RenderJob: Hashable, Sendable, Codable {
    package enum Task: Hashable, Sendable, Codable {
        /// Make a rendition.
        case rendition(Transformation, RenditionTarget)
        /// Read the header only: format, size, orientation, frames.
        case inspect
        /// Header plus what needs pixels.
        case information(InformationRequest)
    }

    package var task: Task
    package var limits: RenderLimits
    package var defaults: RenderDefaults

    package init(task: Task, limits: RenderLimits = RenderLimits(), defaults: RenderDefaults = RenderDefaults()) {
        self.task = task
        self.limits = limits
        self.defaults = defaults
    }
}

/// Which format a rendition is written in.
package enum RenditionTarget: Hashable, Sendable, Codable {
    case format(ImageFormat)
    /// The first of these that suits the source (alpha and frames are never lost to a better ranked format),
    /// else GIF for animations, PNG for pictures with alpha, JPEG for the rest. Holds what the client accepts, best first.
    case negotiated([ImageFormat])
}

/// Bounds checked on the source's header before any pixel is decoded, and on the result before it is made.
package struct RenderLimits: Hashable, Sendable, Codable {
    /// Pixels of one frame of the source.
    package var sourcePixelsMax = 50_000_000
    /// Bytes of the encoded source.
    package var sourceBytesMax = 100 << 20
    /// Frames read from an animation; later ones are left out.
    package var framesMax = 64
    /// Pixels of one frame of an animated source.
    package var framePixelsMax = 16_000_000
    /// Longest side of the result, in pixels; a larger result is scaled down.
    package var resultSideMax = 8_192

    package init() {}
}

/// What the server decides where a URL is silent.
package struct RenderDefaults: Hashable, Sendable, Codable {
    package var quality = 80
    package var formatQuality: [ImageFormat: Int] = [.avif: 60, .webp: 79, .jxl: 77]
    package var stripMetadata = true
    package var keepCopyright = true
    package var stripColorProfile = true
    /// AV1 encoder effort, 0 (fast) … 9.
    package var avifEffort = 1
    /// JPEG XL encoder effort, 1 (fast) … 9.
    package var jxlEffort = 4
    /// WebP encoder effort, 0 (fast) … 6.
    package var webpEffort = 4
    package var progressiveJPEG = false

    package init() {}
}

/// What `/info` wants besides the header.
package struct InformationRequest: Hashable, Sendable, Codable {
    /// BlurHash components (1…9 each); `nil` is off.
    package var blurHash: PixelSize?
    package var thumbHash = false
    package var dominantColor = false

    package init() {}
}
