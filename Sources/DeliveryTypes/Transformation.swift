/// What is asked of a picture, in imgproxy's terms: the decoded and normalised form of a URL's option segments.
///
/// A value is plain data; parsing and canonical text live in `Transformation+URL.swift`, the pixel work in `Imaging`.
/// Defaults are imgproxy's (docs.imgproxy.net, "Processing an image"); lengths are in pixels before `dpr` is applied.
package struct Transformation: Hashable, Sendable, Codable {
    // Size
    package var resizing: Resizing = .fit
    /// Target width and height; 0 follows the other side's ratio, or the source when both are 0.
    package var width = 0
    package var height = 0
    /// Lower bounds of the resulting size; 0 is none.
    package var minimumWidth = 0
    package var minimumHeight = 0
    /// Factors (> 0) applied to the resulting size per axis, before `dpr`.
    package var zoomX = 1.0
    package var zoomY = 1.0
    /// Device pixel ratio (> 0): multiplies size, offsets, padding and watermark margins.
    package var devicePixelRatio = 1.0
    package var enlarge = false
    /// Pads the picture with background up to `width` × `height`; `nil` is off.
    package var extend: Gravity?
    /// Pads the picture up to the ratio `width` : `height`; `nil` is off.
    package var extendAspectRatio: Gravity?

    // Region
    package var gravity = Gravity()
    package var crop: Crop?
    package var trim: Trim?
    package var padding = Padding()

    // Orientation
    package var autoRotate = true
    /// Clockwise turn in degrees after auto-rotation: 0, 90, 180 or 270.
    package var rotation = 0
    package var flipHorizontal = false
    package var flipVertical = false

    // Look
    /// Colour painted under transparent pixels and into padding; `nil` keeps transparency where the format allows it.
    package var background: Color?
    /// Opacity of `background`, in 0…1.
    package var backgroundAlpha = 1.0
    /// Gaussian sigmas in pixels; 0 is off.
    package var blur = 0.0
    package var sharpen = 0.0
    /// Size of the mosaic's cells in pixels; 0 and 1 are off.
    package var pixelate = 0
    package var watermark: Watermark?
    /// Pictures and texts drawn over the result, in this order, after the watermark.
    package var layers: [Layer] = []

    // Metadata. `nil` takes the server's default (strip, keep copyright, convert and strip profile).
    package var stripMetadata: Bool?
    package var keepCopyright: Bool?
    package var stripColorProfile: Bool?
    /// Decode an embedded thumbnail instead of the picture where the container has one (HEIC, AVIF).
    package var enforceThumbnail = false

    // Encoding
    /// 1…100; 0 takes `formatQuality`, then the server's default for the format.
    package var quality = 0
    package var formatQuality: [ImageFormat: Int] = [:]
    package var autoQuality: AutoQuality?
    /// Upper bound of the encoded size in bytes, reached by lowering quality; 0 is off.
    package var maximumBytes = 0
    /// Explicit result format; `nil` leaves it to negotiation.
    package var format: ImageFormat?
    /// First page or frame to read (0-based) and how many; `pageCount` 0 takes all of an animation.
    package var page = 0
    package var pageCount = 0
    package var disableAnimation = false

    // Delivery
    /// Sources in these formats are passed through untouched when the result format is the same.
    package var skipProcessing: Set<ImageFormat> = []
    /// Respond with the source's bytes, unprocessed and unchecked.
    package var raw = false
    package var cacheBuster: String?
    /// Seconds since 1970 after which the URL answers 404; `nil` never.
    package var expires: Int64?
    /// File name (without extension) for `Content-Disposition`.
    package var filename: String?
    package var returnAttachment = false

    // Limits. `nil` takes the server's limit; a URL may only tighten it unless the server allows more.
    /// Source size in megapixels.
    package var maximumSourceResolution: Double?
    package var maximumSourceBytes: Int?
    package var maximumAnimationFrames: Int?
    package var maximumAnimationFrameResolution: Double?
    /// Longest side of the result in pixels.
    package var maximumResultDimension: Int?

    package init() {}

    /// How the picture is fitted into the target box.
    package enum Resizing: String, Hashable, Sendable, Codable, CaseIterable {
        case fit
        case fill
        case fillDown = "fill-down"
        case force
        case auto
    }

    /// A rectangle to cut before resizing.
    ///
    /// A side ≥ 1 is pixels of the (oriented) source, in 0…1 a share of it,
    /// 0 the whole side. `gravity` `nil` takes the transformation's.
    package struct Crop: Hashable, Sendable, Codable {
        package var width: Double
        package var height: Double
        package var gravity: Gravity?

        package init(width: Double, height: Double, gravity: Gravity? = nil) {
            self.width = width
            self.height = height
            self.gravity = gravity
        }
    }

    /// Removal of a uniform border.
    package struct Trim: Hashable, Sendable, Codable {
        /// Colour distance below which a pixel counts as border (≥ 0; imgproxy's usual value is 10).
        package var threshold: Double
        /// The border's colour; `nil` takes the top-left pixel's.
        package var color: Color?
        package var equalHorizontal = false
        package var equalVertical = false

        package init(
            threshold: Double,
            color: Color? = nil,
            equalHorizontal: Bool = false,
            equalVertical: Bool = false
        ) {
            self.threshold = threshold
            self.color = color
            self.equalHorizontal = equalHorizontal
            self.equalVertical = equalVertical
        }
    }

    /// Background added around the result, in pixels before `dpr`.
    package struct Padding: Hashable, Sendable, Codable {
        package var top = 0
        package var right = 0
        package var bottom = 0
        package var left = 0

        package init(top: Int = 0, right: Int = 0, bottom: Int = 0, left: Int = 0) {
            self.top = top
            self.right = right
            self.bottom = bottom
            self.left = left
        }
    }

    /// Quality found by search instead of given.
    package struct AutoQuality: Hashable, Sendable, Codable {
        package enum Method: String, Hashable, Sendable, Codable {
            /// Structural dissimilarity to the unencoded result at most `target` (DSSIM, 0 is identical).
            case dssim
            /// Encoded size at most `target` bytes.
            case size
        }
        package var method: Method
        package var target: Double
        package var minimumQuality: Int
        package var maximumQuality: Int
        package var allowedError: Double

        package init(
            method: Method,
            target: Double,
            minimumQuality: Int = 10,
            maximumQuality: Int = 90,
            allowedError: Double = 0.001
        ) {
            self.method = method
            self.target = target
            self.minimumQuality = minimumQuality
            self.maximumQuality = maximumQuality
            self.allowedError = allowedError
        }
    }
}
