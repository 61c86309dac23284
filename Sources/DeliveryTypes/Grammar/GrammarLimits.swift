/// The bounds of what a delivery URL may say.
///
/// A URL past one of them is refused before any work is done for it. They bound the parser's own time and memory and
/// keep later arithmetic far from overflow; what a picture may cost to render is bounded by `RenderLimits`.
package enum GrammarLimits {
    /// Bytes of the path from the signature on, percent-encoded.
    package static let pathBytesMax = 16_384
    /// Options applied for one URL, those from presets included.
    package static let optionsMax = 256
    /// Arguments of one option.
    package static let argumentsMax = 64
    /// Presets open inside one another.
    package static let presetDepthMax = 8
    /// Presets a server knows.
    package static let presetsMax = 1_000
    /// Picture and text layers of one URL, the watermark not counted.
    package static let layersMax = 16
    /// UTF-8 bytes of one text layer.
    package static let textBytesMax = 2_000
    /// UTF-8 bytes of a font name.
    package static let fontBytesMax = 128
    /// UTF-8 bytes of a source, decoded.
    package static let sourceBytesMax = 4_096
    /// UTF-8 bytes of a file name, decoded.
    package static let filenameBytesMax = 255
    /// UTF-8 bytes of a cache buster.
    package static let cacheBusterBytesMax = 255
    /// Characters of a number.
    package static let numberCharactersMax = 32
    /// A width, height, padding or offset, in pixels.
    package static let sideMax = 1_000_000
    /// A zoom factor.
    package static let zoomMax = 1_000.0
    /// A device pixel ratio.
    package static let devicePixelRatioMax = 100.0
    /// A blur or sharpen sigma, in pixels.
    package static let sigmaMax = 1_000.0
    /// A mosaic's cell, in pixels.
    package static let pixelateMax = 10_000
    /// A trim threshold.
    package static let thresholdMax = 1_000.0
    /// The size of a watermark or layer in shares of the rendition's.
    package static let scaleMax = 100.0
    /// A text layer's font height, in pixels.
    package static let fontSizeMax = 2_000.0
    /// A page or frame number, and how many of them.
    package static let pageMax = 100_000
    /// A size in bytes.
    package static let bytesMax = 1 << 40
    /// A resolution, in megapixels.
    package static let megapixelsMax = 1_000_000.0
    /// An expiry, in seconds since 1970 (the year 9999).
    package static let expiresMax = 253_402_300_799
    /// Characters of a rejected value that an error repeats.
    package static let quotedCharactersMax = 64
    /// Bytes of an `Accept` header that are read.
    package static let acceptBytesMax = 4_096
    /// Media ranges of an `Accept` header that are read.
    package static let acceptRangesMax = 64
    /// Key and salt pairs of a keyring.
    package static let keyPairsMax = 64
    /// Bytes of a key or a salt.
    package static let keyBytesMax = 1_024
}
