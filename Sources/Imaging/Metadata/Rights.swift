/// What a rendition says of its author: the only metadata that outlives stripping.
struct Rights {
    /// A TIFF structure with artist and copyright only (CIPA DC-008), without the "Exif" prefix.
    var exif: [UInt8]?
    /// An XMP packet with rights and authors only.
    var xmp: [UInt8]?

    static let none = Rights()

    init() {}

    /// What a picture's metadata say; texts are cut at 1,000 bytes.
    init(of picture: borrowing Raster) {
        exif = Self.exif(artist: picture.exifText(artist: true), copyright: picture.exifText(artist: false))
        xmp = picture.xmp.flatMap { CopyrightPacket.packet(from: $0) }
    }

    var isEmpty: Bool { exif == nil && xmp == nil }

    /// A directory of one or two text fields, big-endian.
    static func exif(artist: [UInt8]?, copyright: [UInt8]?) -> [UInt8]? {
        let texts = [(tag: 0x013B, text: artist), (tag: 0x8298, text: copyright)].compactMap { field in
            field.text.map { (tag: field.tag, value: Array($0.prefix(1_000)) + [0]) }
        }
        guard !texts.isEmpty else { return nil }
        var far = 8 + 2 + 12 * texts.count + 4
        var bytes = Array("MM".utf8) + [0, 42] + big(8, 4) + big(texts.count, 2)
        for (tag, value) in texts {
            bytes += big(tag, 2) + big(2, 2) + big(value.count, 4)
            // Up to four bytes lie in the entry itself.
            if value.count <= 4 {
                bytes += value + [UInt8](repeating: 0, count: 4 - value.count)
            } else {
                bytes += big(far, 4)
                far += value.count
            }
        }
        return bytes + big(0, 4) + texts.filter { $0.value.count > 4 }.flatMap(\.value)
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
