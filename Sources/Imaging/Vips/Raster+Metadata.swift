import CVips
import DeliveryTypes

extension Raster {
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

    /// EXIF's copyright notice or name of the artist, as written there.
    func exifText(artist: Bool) -> [UInt8]? {
        // SAFETY: the text belongs to the image, which lives as long as self; it is copied.
        let text = try? unsafe reading { image, _ -> (status: Int32, [UInt8]) in
            var count = 0
            let start = unsafe vt_exif_text(image, artist ? 1 : 0, &count)
            return unsafe (0, Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)))
        }
        guard let text, !text.isEmpty else { return nil }
        return text
    }

    func withEXIF(_ block: [UInt8]) throws(RenderFailure) -> Raster {
        // SAFETY: the shim copies the block.
        try unsafe applying { unsafe vt_set_exif($0, block, block.count, $1, $2) }
    }

    func withXMP(_ packet: [UInt8]) throws(RenderFailure) -> Raster {
        // SAFETY: the shim copies the packet.
        try unsafe applying { unsafe vt_set_xmp($0, packet, packet.count, $1, $2) }
    }
}
