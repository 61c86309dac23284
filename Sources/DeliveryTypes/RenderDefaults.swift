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
    /// Lets decoders shrink (JPEG, WebP): much faster, a little softer (docs/decisions/0005-shrinking-on-load.md).
    package var shrinksOnLoad = true

    package init() {}
}
