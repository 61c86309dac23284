import CVips
import DeliveryTypes

extension ImageFormat {
    /// The shim's name; `nil` for BMP, which libvips reads only through ImageMagick.
    var shim: vt_format? {
        switch self {
        case .jpeg: VT_FORMAT_JPEG
        case .png: VT_FORMAT_PNG
        case .webp: VT_FORMAT_WEBP
        case .avif: VT_FORMAT_AVIF
        case .jxl: VT_FORMAT_JXL
        case .gif: VT_FORMAT_GIF
        case .heic: VT_FORMAT_HEIC
        case .tiff: VT_FORMAT_TIFF
        case .svg: VT_FORMAT_SVG
        case .bmp: nil
        }
    }
}
