/// A picture format that Vitrine reads or writes.
///
/// Raw values are imgproxy's format names, which are also the extensions accepted in URLs (`jpg` and `jpeg` are one).
package enum ImageFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case jpeg
    case png
    case webp
    case avif
    case jxl
    case gif
    case heic
    case tiff
    case bmp
    case svg

    /// The format named by a file extension or by an imgproxy format name, in any letter case; `nil` if unknown.
    package init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
        case "png": self = .png
        case "webp": self = .webp
        case "avif": self = .avif
        case "jxl": self = .jxl
        case "gif": self = .gif
        case "heic", "heif": self = .heic
        case "tif", "tiff": self = .tiff
        case "bmp", "dib": self = .bmp
        case "svg": self = .svg
        default: return nil
        }
    }

    /// The extension of stored originals and suggested file names, without the dot.
    package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// The registered media type.
    package var mediaType: String { self == .svg ? "image/svg+xml" : "image/" + rawValue }

    /// Whether renditions can be written in this format.
    package var isWritable: Bool {
        switch self {
        case .jpeg, .png, .webp, .avif, .jxl, .gif: true
        case .heic, .tiff, .bmp, .svg: false
        }
    }

    /// Whether a rendition in this format may keep transparent pixels.
    package var keepsAlpha: Bool { self != .jpeg && self != .bmp }

    /// Whether renditions in this format are written with a quality; the others keep what their pixels can hold.
    package var hasQuality: Bool { self != .png && self != .gif }

    /// Whether a rendition in this format may keep several frames (libvips 8.14 writes no animated AVIF or JXL).
    package var keepsFrames: Bool { self == .gif || self == .webp }
}
