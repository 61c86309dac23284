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
    /// Pixels of all frames together that are read from an animation.
    package var animationPixelsMax = 256_000_000
    /// Longest side of the result, in pixels; a larger result is scaled down.
    package var resultSideMax = 8_192

    package init() {}
}
