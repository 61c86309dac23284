import DeliveryTypes
import Imaging
import Testing

@Suite("Format sniffing")
struct FormatSnifferTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let finding: FormatSniffer.Finding?
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ format: ImageFormat?, isAnimated: Bool? = false) {
            self.name = name
            self.bytes = bytes
            finding = format.map { FormatSniffer.Finding($0, isAnimated: isAnimated) }
        }

        init(_ name: String, text: String, _ format: ImageFormat?) {
            self.init(name, Array(text.utf8), format)
        }
    }

    private static let pngHead: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0, 0]

    private static func chunk(_ name: String, _ length: Int) -> [UInt8] {
        [0, 0, UInt8(length >> 8), UInt8(length & 255)] + Array(name.utf8) + [UInt8](repeating: 7, count: length + 4)
    }

    private static func boxes(_ major: String, _ compatible: String...) -> [UInt8] {
        [0, 0, 0, UInt8(16 + 4 * compatible.count)] + Array(("ftyp" + major).utf8) + [0, 0, 0, 0]
            + compatible.flatMap { Array($0.utf8) }
    }

    private static func webp(_ kind: String, flags: UInt8) -> [UInt8] {
        Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WEBPVP8\(kind)".utf8) + [10, 0, 0, 0, flags, 0, 0, 0]
    }

    private static func bmp(header: UInt8) -> [UInt8] {
        Array("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, header, 0, 0, 0, 1, 0, 0, 0]
    }

    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
            let bytes = [UInt8(unit & 255), UInt8(unit >> 8)]
            return bigEndian ? bytes.reversed() : bytes
        }
    }

    static let rasters: [Sample] = [
        Sample("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], .jpeg),
        Sample("JPEG with EXIF first", [0xFF, 0xD8, 0xFF, 0xE1], .jpeg),
        Sample("half a JPEG signature", [0xFF, 0xD8], nil),
        Sample("PNG", pngHead + chunk("IDAT", 4), .png),
        Sample("PNG with other chunks first", pngHead + chunk("iCCP", 300) + chunk("IDAT", 4), .png),
        Sample("APNG", pngHead + chunk("gAMA", 4) + chunk("acTL", 8) + chunk("IDAT", 4), .png, isAnimated: true),
        Sample("PNG whose acTL comes too late", pngHead + chunk("IDAT", 4) + chunk("acTL", 8), .png),
        Sample("PNG signature without IHDR", Array(pngHead[..<12]) + Array("IDAT".utf8), nil),
        Sample("PNG damaged by a text transfer", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], nil),
        Sample("GIF 89a", Array("GIF89a".utf8), .gif, isAnimated: nil),
        Sample("GIF 87a", Array("GIF87a".utf8), .gif, isAnimated: nil),
        Sample("GIF of another year", Array("GIF90a".utf8), nil),
        Sample("WebP, lossy", webp(" ", flags: 0), .webp),
        Sample("WebP, lossless", webp("L", flags: 0x2F), .webp),
        Sample("WebP, extended", webp("X", flags: 0x10), .webp),
        Sample("WebP, animated", webp("X", flags: 0x12), .webp, isAnimated: true),
        Sample("RIFF of another kind", Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WAVEfmt ".utf8), nil),
        Sample("TIFF, little-endian", [0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0], .tiff, isAnimated: nil),
        Sample("TIFF, big-endian", [0x4D, 0x4D, 0x00, 0x2A, 0, 0, 0, 8], .tiff, isAnimated: nil),
        Sample("BigTIFF, little-endian", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0], .tiff, isAnimated: nil),
        Sample("BigTIFF, big-endian", [0x4D, 0x4D, 0, 0x2B, 0, 8, 0, 0], .tiff, isAnimated: nil),
        Sample("BigTIFF with another offset size", [0x49, 0x49, 0x2B, 0, 4, 0, 0, 0], nil),
        Sample("BMP, core header", bmp(header: 12), .bmp),
        Sample("BMP, info header", bmp(header: 40), .bmp),
        Sample("BMP, V4", bmp(header: 108), .bmp),
        Sample("BMP, V5", bmp(header: 124), .bmp),
        Sample("a text that begins with BM", text: "BM is not a picture, only two letters", nil),
    ]

    static let boxFiles: [Sample] = [
        Sample("AVIF", boxes("avif", "avif", "mif1", "miaf"), .avif),
        Sample("AVIF under a general brand", boxes("mif1", "mif1", "avif", "miaf"), .avif),
        Sample("AVIF sequence", boxes("avis", "avis", "msf1"), .avif, isAnimated: true),
        Sample("HEIC", boxes("heic", "mif1", "heic"), .heic),
        Sample("HEIC, 10 bits", boxes("heix", "mif1"), .heic),
        Sample("HEIC under a general brand", boxes("mif1", "mif1", "heic"), .heic),
        Sample("HEIC sequence", boxes("hevc", "msf1"), .heic, isAnimated: true),
        Sample("HEIF with general brands only", boxes("mif1", "mif1"), .heic, isAnimated: nil),
        Sample("MP4 video", boxes("isom", "iso2", "avc1", "mp41"), nil),
        Sample("QuickTime", boxes("qt  "), nil),
        Sample("brand outside of its box", boxes("isom") + Array("avif".utf8), nil),
        Sample("box that is longer than the file", [0, 0, 1, 0] + Array("ftypavif".utf8) + [0, 0, 0, 0], nil),
        Sample("box without end", [0, 0, 0, 0] + Array("ftypavif".utf8) + [0, 0, 0, 0], nil),
        Sample("JPEG XL codestream", [0xFF, 0x0A, 0xFA, 0x1F], .jxl, isAnimated: nil),
        Sample(
            "JPEG XL container",
            [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A],
            .jxl,
            isAnimated: nil
        ),
        Sample("JPEG 2000", [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A], nil),
    ]

    static let texts: [Sample] = [
        Sample("SVG", text: "<svg xmlns='http://www.w3.org/2000/svg'/>", .svg),
        Sample("SVG without attributes", text: "<svg></svg>", .svg),
        Sample("empty SVG", text: "<svg/>", .svg),
        Sample("SVG after blanks", text: " \n\t <svg >", .svg),
        Sample("SVG after a mark", text: "\u{FEFF}<svg>", .svg),
        Sample("SVG after a prolog", text: "<?xml version=\"1.0\"?>\n<svg>", .svg),
        Sample("SVG after a stylesheet", text: "<?xml version='1.0'?><?xml-stylesheet href='a'?><svg>", .svg),
        Sample("SVG after comments", text: "<!-- <html> --><!----><svg>", .svg),
        Sample(
            "SVG after a document type",
            text: "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/svg11.dtd\"><svg>",
            .svg
        ),
        Sample(
            "SVG after an internal subset",
            text: "<!DOCTYPE svg [ <!ENTITY a \"]><html>\"> <!-- don't --> ]><svg>",
            .svg
        ),
        Sample("SVG with a prefix", text: "<s:svg xmlns:s='http://www.w3.org/2000/svg'>", .svg),
        Sample("SVG in UTF-16, little-endian", utf16("<svg>", bigEndian: false, mark: true), .svg),
        Sample("SVG in UTF-16, big-endian", utf16(" <?xml version='1.0'?><svg>", bigEndian: true, mark: true), .svg),
        Sample("SVG in UTF-16 without a mark", utf16("<svg>", bigEndian: true, mark: false), .svg),
        Sample("SVG that begins late", text: String(repeating: " ", count: 60_000) + "<svg>", .svg),
        Sample("SVG that begins too late", text: String(repeating: " ", count: 70_000) + "<svg>", nil),
        Sample("HTML", text: "<!DOCTYPE html><html><svg>", nil),
        Sample("HTML whose comment names SVG", text: "<!-- <svg> --><html>", nil),
        Sample("another XML", text: "<?xml version='1.0'?><rss><svg/></rss>", nil),
        Sample("a name that only begins so", text: "<svgx>", nil),
        Sample("a comment without end", text: "<!-- <svg>", nil),
        Sample("a document type without end", text: "<!DOCTYPE svg [ <svg>", nil),
        Sample("a name without end", text: "<svg", nil),
        Sample("a script", text: "#!/bin/sh\n<svg>", nil),
        Sample("nothing", [], nil),
        Sample("one byte", [0xFF], nil),
        Sample("zeros", [UInt8](repeating: 0, count: 64), nil),
    ]

    @Test("a format is known by its first bytes", arguments: rasters + boxFiles + texts)
    func samples(sample: Sample) {
        #expect(FormatSniffer.finding(for: sample.bytes.span) == sample.finding)
    }

    @Test("a file that is two things is what begins it")
    func polyglots() {
        let gifScript = Array("GIF89a/*<svg onload=alert(1)>*/=1".utf8)
        #expect(FormatSniffer.finding(for: gifScript.span)?.format == .gif)
        let svgWithJPEG = Array("<svg>".utf8) + [0xFF, 0xD8, 0xFF]
        #expect(FormatSniffer.finding(for: svgWithJPEG.span)?.format == .svg)
        let pdf = Array("%PDF-1.7\n<svg>".utf8)
        #expect(FormatSniffer.finding(for: pdf.span) == nil)
        let zipJPEG = [UInt8]([0xFF, 0xD8, 0xFF, 0xE0]) + Array("PK\u{3}\u{4}".utf8)
        #expect(FormatSniffer.finding(for: zipJPEG.span)?.format == .jpeg)
    }

    @Test("no bytes make it trap, and noise is no picture", arguments: Array(1...6) as [UInt64])
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let samples = Self.rasters + Self.boxFiles + Self.texts.filter { $0.bytes.count < 1_000 }
        for _ in 0..<3_000 {
            guard var bytes = samples.randomElement(using: &random)?.bytes else { continue }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes.removeLast(.random(in: 0...bytes.count, using: &random))
            let first = FormatSniffer.finding(for: bytes.span)
            // What is known from the beginning stays, whatever follows.
            let longer = bytes + (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let first {
                #expect(FormatSniffer.finding(for: longer.span)?.format == first.format, "\(seed) \(bytes)")
            }
        }
    }
}
