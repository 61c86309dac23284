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
            throw RenderFailure(.unsuitableTransformation, "\(encoding.format.rawValue) is not written")
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

    /// Straight-alpha sRGB, four bytes a pixel, row by row.
    func rgbaPixels() throws(RenderFailure) -> [UInt8] {
        let size = size
        var pixels = [UInt8](repeating: 0, count: size.area * 4)
        // SAFETY: the shim writes at most the buffer's count.
        try unsafe reading { image, fault in
            let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
                unsafe vt_rgba(image, buffer.baseAddress, buffer.count, fault)
            }
            return (status, ())
        }
        return pixels
    }

    /// Without metadata but what is to be kept.
    func stripped(keepingCopyright: Bool, profile: Bool, animation: Bool) throws(RenderFailure) -> Raster {
        // SAFETY: plain numbers beside the pointers of `applying`.
        try unsafe applying {
            unsafe vt_strip($0, keepingCopyright ? 1 : 0, profile ? 1 : 0, animation ? 1 : 0, $1, $2)
        }
    }

    /// Marked as upright, whatever the source said.
    func forgettingOrientation() throws(RenderFailure) -> Raster {
        // SAFETY: no pointers but those of `applying`.
        try unsafe applying { unsafe vt_forget_orientation($0, $1, $2) }
    }

    /// One picture, whatever the source said of pages.
    ///
    /// A page height that is left over from a source would cut an enlarged picture into frames.
    func forgettingPages() throws(RenderFailure) -> Raster {
        // SAFETY: no pointers but those of `applying`.
        try unsafe applying { unsafe vt_forget_pages($0, $1, $2) }
    }

    /// The XMP packet, if there is one.
    var xmp: [UInt8]? {
        // SAFETY: the bytes belong to the image, which lives as long as self; they are copied.
        let bytes = try? unsafe reading { image, _ -> (status: Int32, [UInt8]) in
            var count = 0
            let start = unsafe vt_xmp(image, &count)
            return unsafe (0, Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)))
        }
        guard let bytes, !bytes.isEmpty else { return nil }
        return bytes
    }

    func withXMP(_ packet: [UInt8]) throws(RenderFailure) -> Raster {
        // SAFETY: the shim copies the packet.
        try unsafe applying { unsafe vt_set_xmp($0, packet, packet.count, $1, $2) }
    }
}
