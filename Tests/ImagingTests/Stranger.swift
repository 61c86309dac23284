import Testing

/// Bytes that libvips or ImageMagick might take for something, and that must not get there.
enum Stranger: String, CaseIterable, CustomTestStringConvertible {
    case nothing, oneByte, text, html, pdf, postScript, mvg, mslXML, ppm, hdr, fits, csv, exr, dicom, vips, ico
    case svgz, elf, zip, jpegHeadOnly, gifScript, webpHeadOnly, ftypOnly, tiffLoop

    var testDescription: String { rawValue }

    /// Whether it does not even begin like a format that is read.
    var isForeign: Bool {
        switch self {
        case .jpegHeadOnly, .gifScript, .webpHeadOnly, .ftypOnly, .tiffLoop: false
        default: true
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .nothing: []
        case .oneByte: [0xFF]
        case .text: Array("label:@/etc/passwd".utf8)
        case .html: Array("<!DOCTYPE html><html><body><svg></svg></body></html>".utf8)
        case .pdf: Array("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>".utf8)
        case .postScript: Array("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file".utf8)
        case .mvg: Array("push graphic-context\nviewbox 0 0 64 64\nimage over 0,0 0,0 'https://x/'\n".utf8)
        case .mslXML: Array("<?xml version=\"1.0\"?><image><read filename=\"/etc/passwd\"/></image>".utf8)
        case .ppm: Array("P6 2 2 255\n".utf8) + [UInt8](repeating: 9, count: 12)
        case .hdr: Array("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n".utf8) + [1, 2, 3, 4]
        case .fits: Array("SIMPLE  =                    T".utf8) + [UInt8](repeating: 32, count: 2_850)
        case .csv: Array("1,2,3\n4,5,6\n".utf8)
        case .exr: [0x76, 0x2F, 0x31, 0x01, 2, 0, 0, 0] + [UInt8](repeating: 0, count: 64)
        case .dicom: [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        case .vips: [0x08, 0xF2, 0xA6, 0xB6] + [UInt8](repeating: 1, count: 100)
        case .ico: [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0] + [UInt8](repeating: 0, count: 60)
        case .svgz: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0x4B, count: 40)
        case .elf: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 60)
        case .zip: [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60)
        case .jpegHeadOnly: [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8)
        case .gifScript: Array("GIF89a/*".utf8) + Array("*/=1;alert(1)//".utf8)
        case .webpHeadOnly: Array("RIFF".utf8) + Samples.little(30) + Array("WEBPVP8 ".utf8) + Samples.little(18)
        case .ftypOnly: Samples.big(24) + Array("ftypheic\0\0\0\0mif1heic".utf8)
        // A directory that names itself as the next one, without a size.
        case .tiffLoop: [0x49, 0x49, 0x2A, 0] + Samples.little(8) + [0, 0] + Samples.little(8)
        }
    }
}
