import CVips
import DeliveryTypes

extension Raster {
    /// How a source is read.
    struct Loading {
        /// First page or frame, 0-based, and how many of them.
        var page = 0
        var pages = 1
        /// JPEG only: 1, 2, 4 or 8.
        var shrink = 1
        /// WebP and SVG only: size factor.
        var scale = 1.0
        /// HEIC and AVIF only: the embedded thumbnail, where there is one.
        var thumbnail = false
        /// Whether pixels are read once, top to bottom, while they are decoded.
        var sequential = true
    }

    /// Reads the header of a picture of a known format; no pixel is decoded yet.
    ///
    /// - Throws: `corruptSource`, or `unsupportedSource` for a format that libvips does not read.
    init(_ bytes: SourceBytes, format: ImageFormat, _ loading: Loading = Loading()) throws(RenderFailure) {
        guard let format = format.shim else {
            throw RenderFailure(.unsupportedSource, "The format \(format.rawValue) is not read by libvips.")
        }
        var options = vt_load_options()
        options.page = Int32(clamping: loading.page)
        options.pages = Int32(clamping: loading.pages)
        options.shrink = Int32(clamping: loading.shrink)
        options.scale = loading.scale
        options.thumbnail = loading.thumbnail ? 1 : 0
        options.sequential = loading.sequential ? 1 : 0
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: the raster keeps `bytes`, and with them the memory, for as long as it reads from it.
        let status = unsafe bytes.withBytes { buffer in
            unsafe vt_load(buffer.baseAddress, buffer.count, format, &options, &out, &fault)
        }
        guard status == 0, let out = unsafe out else { throw RenderFailure(fault, readingSource: true) }
        // SAFETY: one reference was handed over.
        unsafe self.init(owning: out, reading: bytes)
    }

    /// A copy of 8-bit sRGB pixels, row by row without gaps.
    ///
    /// - Precondition: `pixels` holds `size.area` times `bands` (3, or 4 with straight alpha) bytes.
    init(pixels: [UInt8], size: PixelSize, bands: Int) throws(RenderFailure) {
        precondition(pixels.count == size.area * bands && (bands == 3 || bands == 4), "pixels fill the size")
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: the shim copies as many bytes as the precondition promises.
        let status = unsafe pixels.withUnsafeBytes { buffer in
            unsafe vt_from_pixels(
                buffer.baseAddress,
                Int32(size.width),
                Int32(size.height),
                Int32(bands),
                &out,
                &fault
            )
        }
        guard status == 0, let out = unsafe out else { throw RenderFailure(fault, readingSource: false) }
        // SAFETY: one reference was handed over.
        unsafe self.init(owning: out, reading: nil)
    }

    /// How long each of the loaded frames is shown (milliseconds) and how often all of them (0 is for ever).
    func animation(frames: Int) -> Animation {
        var loop: Int32 = 0
        var delays = [Int32](repeating: 0, count: frames)
        // SAFETY: the array has room for as many delays as are asked for.
        _ = try? unsafe reading { image, _ in
            unsafe delays.withUnsafeMutableBufferPointer { buffer in
                unsafe vt_read_animation(image, buffer.baseAddress, Int32(buffer.count), &loop)
            }
            return (0, ())
        }
        return Animation(delays: delays, loop: loop)
    }
}
