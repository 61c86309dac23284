/// Gives a JPEG XL file its metadata, which libvips 8.14 does not write (ISO/IEC 18181-2).
enum JXLContainer {
    /// - Returns: `file` in a container, the metadata's boxes before the picture; as it is when it is in one already.
    static func wrapped(_ file: [UInt8], _ rights: Rights) -> [UInt8] {
        guard !rights.isEmpty, file.starts(with: [0xFF, 0x0A]) else { return file }
        var bytes = box("JXL ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", Array("jxl \0\0\0\0jxl ".utf8))
        // Four bytes say where the TIFF structure begins behind them.
        if let exif = rights.exif { bytes += box("Exif", [0, 0, 0, 0] + exif) }
        if let xmp = rights.xmp { bytes += box("xml ", xmp) }
        return bytes + box("jxlc", file)
    }

    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(clamping: content.count + 8)
        return (0..<4).reversed().map { UInt8(truncatingIfNeeded: size >> (8 * $0)) } + Array(name.utf8) + content
    }
}
