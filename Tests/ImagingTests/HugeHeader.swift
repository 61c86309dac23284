import Testing

/// Small files that claim to be enormous.
enum HugeHeader: String, CaseIterable, CustomTestStringConvertible {
    case png, jpeg, gif, webpLossy, webpLossless, webpExtended, bmp, tiff, avif, jxl

    var testDescription: String { rawValue }

    /// Whether a decoder has no other complaint than the size.
    var isWellFormed: Bool { self == .png || self == .jpeg || self == .bmp || self == .tiff }

    var bytes: [UInt8] {
        switch self {
        case .png:
            return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
                + Self.chunk("IHDR", Samples.big(65_535) + Samples.big(65_535) + [8, 6, 0, 0, 0])
                + Self.chunk("IDAT", [0x78, 0x9C, 0x63, 0, 0, 0, 2, 0, 1]) + Self.chunk("IEND", [])
        case .jpeg:
            // Start of frame of one component, 65,500 × 65,500 (libjpeg's own bound), and the start of a scan.
            return [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xDC, 0xFF, 0xDC, 1, 1, 0x11, 0]
                + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0, 0xFF, 0xD9]
        case .gif:
            return Array("GIF89a".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
                + [0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 2, 2, 0x4C, 1, 0, 0x3B]
        case .webpLossy:
            return Self.riff("VP8 ", [0x10, 0, 0, 0x9D, 1, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F, 0, 0, 0, 0])
        case .webpLossless:
            return Self.riff("VP8L", [0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0])
        case .webpExtended:
            return Self.riff("VP8X", [0, 0, 0, 0, 0xFF, 0xFF, 0, 0xFF, 0xFF, 0])
        case .bmp:
            return Array("BM".utf8) + Samples.little(54) + Samples.little(0) + Samples.little(54)
                + Samples.little(40) + Samples.little(65_535) + Samples.little(65_535) + [1, 0, 24, 0]
                + [UInt8](repeating: 0, count: 24)
        case .tiff:
            return Self.stripOfNothing
        case .avif:
            return Self.box("ftyp", Array("avif\0\0\0\0avifmif1".utf8))
                + Self.box(
                    "meta",
                    [0, 0, 0, 0]
                        + Self.box("iprp", Self.box("ispe", Samples.big(0) + Samples.big(65_535) + Samples.big(65_535)))
                )
        case .jxl:
            return [0xFF, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        }
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Samples.big(content.count) + body + Samples.big(Int(~crc))
    }

    private static func riff(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let chunk = Array("WEBP".utf8) + Array(name.utf8) + Samples.little(content.count) + content
        return Array("RIFF".utf8) + Samples.little(chunk.count) + chunk
    }

    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Samples.big(content.count + 8) + Array(name.utf8) + content
    }

    /// One strip of 65,535 × 65,535 bytes that are not there.
    private static var stripOfNothing: [UInt8] {
        let fields: [(tag: Int, value: Int)] = [
            (0x100, 65_535), (0x101, 65_535), (0x102, 8), (0x103, 1), (0x106, 1), (0x111, 8), (0x115, 1),
            (0x116, 65_535), (0x117, 10),
        ]
        var bytes: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, UInt8(fields.count), 0]
        for (tag, value) in fields {
            bytes += [UInt8(tag & 255), UInt8(tag >> 8), 4, 0]
            bytes += Samples.little(1)
            bytes += Samples.little(value)
        }
        return bytes + Samples.little(0)
    }
}
