import CVips
import DeliveryTypes

extension Raster {
    /// How a rendition is written.
    struct Encoding {
        var format: ImageFormat
        /// 1…100, where the format has a quality.
        var quality = 80
        /// As the format counts it.
        var effort = 4
        var progressive = false
    }

    /// The finished file.
    func encoded(_ encoding: Encoding) throws(RenderFailure) -> [UInt8] {
        guard let format = encoding.format.shim else {
            throw RenderFailure(.unsuitableTransformation, "The format \(encoding.format.rawValue) is not written.")
        }
        var options = vt_save_options()
        options.quality = Int32(clamping: encoding.quality)
        options.effort = Int32(clamping: encoding.effort)
        options.progressive = encoding.progressive ? 1 : 0
        // SAFETY: the encoded memory is copied with the size that the shim gives, and freed once.
        return try unsafe reading { image, fault in
            var bytes: UnsafeMutableRawPointer?
            var count = 0
            let status = unsafe vt_save(image, format, &options, &bytes, &count, fault)
            defer { unsafe vt_free(bytes) }
            return unsafe (status, Array(UnsafeRawBufferPointer(start: bytes, count: status == 0 ? count : 0)))
        }
    }

    /// The pixels, in 8-bit sRGB; reads them from the source where they still are there.
    func bitmap() throws(RenderFailure) -> Bitmap {
        let (size, hasAlpha) = (size, hasAlpha)
        var pixels = [UInt8](repeating: 0, count: size.area * (hasAlpha ? 4 : 3))
        // SAFETY: the shim writes exactly as many bytes as the buffer has, or none.
        try unsafe reading { image, fault in
            let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
                unsafe vt_pixels(image, buffer.baseAddress, buffer.count, fault)
            }
            return (status, ())
        }
        return Bitmap(size: size, hasAlpha: hasAlpha, pixels: pixels)
    }
}
