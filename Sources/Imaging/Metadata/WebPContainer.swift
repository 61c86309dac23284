/// Takes the EXIF chunk out of a WebP file: libvips 8.14 writes one of its own even when there is nothing to say.
enum WebPContainer {
    /// - Returns: the file without EXIF, in the simple form where nothing else needs the extended one.
    static func withoutEXIF(_ file: [UInt8]) -> [UInt8] {
        guard file.count > 30, file[8..<16].elementsEqual("WEBPVP8X".utf8) else { return file }
        let flags = file[20] & ~0x08
        var chunks: [UInt8] = []
        var place = 30
        while place + 8 <= file.count {
            let length = (0..<4).reversed().reduce(0) { $0 << 8 | Int(file[place + 4 + $1]) }
            let end = min(file.count, place + 8 + length + length % 2)
            if !file[place..<(place + 4)].elementsEqual("EXIF".utf8) { chunks += file[place..<end] }
            place = end
        }
        var extended: [UInt8] = []
        if flags != 0 {
            extended = Array(file[12..<30])
            extended[8] = flags
        }
        let size = UInt32(clamping: 4 + extended.count + chunks.count)
        let head = Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        return head + Array("WEBP".utf8) + extended + chunks
    }
}
