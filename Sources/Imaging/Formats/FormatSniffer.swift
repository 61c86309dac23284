package import DeliveryTypes

/// Tells a picture's format from its first bytes.
///
/// The rules are strict (a signature *and* the structure that must follow it) and exclusive, so that a file which is
/// two things at once is taken for the one whose signature begins it, or for nothing. Names and media types that came
/// with the bytes play no part. Looks at most at `lookAheadMax` bytes, whatever the input; never fails, never traps.
package enum FormatSniffer {
    /// What the first bytes say.
    package struct Finding: Hashable, Sendable {
        package var format: ImageFormat
        /// Whether there are several frames; `nil` where only reading all of the file would tell (GIF, TIFF).
        package var isAnimated: Bool?

        package init(_ format: ImageFormat, isAnimated: Bool? = false) {
            self.format = format
            self.isAnimated = isAnimated
        }
    }

    /// Bytes that are looked at, at most: an SVG's root element must begin within them.
    package static let lookAheadMax = 65_536

    /// - Returns: `nil` when the bytes begin like no picture that is read.
    package static func finding(for bytes: Span<UInt8>) -> Finding? {
        let head = bytes.extracting(first: lookAheadMax)
        guard head.count >= 2 else { return nil }
        switch head[0] {
        case 0xFF: return jpegOrCodestream(head)
        case 0x89: return png(head)
        case UInt8(ascii: "G"): return gif(head)
        case UInt8(ascii: "R"): return webp(head)
        case UInt8(ascii: "I"), UInt8(ascii: "M"): return tiff(head)
        case UInt8(ascii: "B"): return bmp(head)
        case 0x00: return boxed(head) ?? svg(head)
        default: return svg(head)
        }
    }

    private static func jpegOrCodestream(_ head: Span<UInt8>) -> Finding? {
        if head.begins(with: [0xFF, 0xD8, 0xFF]) { return Finding(.jpeg) }
        // ISO/IEC 18181-1: a bare codestream begins with FF 0A.
        if head.begins(with: [0xFF, 0x0A]) { return Finding(.jxl, isAnimated: nil) }
        return svg(head)  // UTF-16 byte order mark
    }

    private static func png(_ head: Span<UInt8>) -> Finding? {
        guard head.begins(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
            head.bigEndian32(at: 8) == 13, head.holds("IHDR", at: 12)
        else { return nil }
        return Finding(.png, isAnimated: isAnimatedPNG(head))
    }

    /// An APNG says so in an `acTL` chunk before the first `IDAT`.
    private static func isAnimatedPNG(_ head: Span<UInt8>) -> Bool {
        var offset = 8
        while let length = head.bigEndian32(at: offset), !head.holds("IDAT", at: offset + 4) {
            if head.holds("acTL", at: offset + 4) { return true }
            offset += 12 + length
        }
        return false
    }

    private static func gif(_ head: Span<UInt8>) -> Finding? {
        head.holds("GIF89a", at: 0) || head.holds("GIF87a", at: 0) ? Finding(.gif, isAnimated: nil) : nil
    }

    private static func webp(_ head: Span<UInt8>) -> Finding? {
        guard head.holds("RIFF", at: 0), head.holds("WEBPVP8", at: 8), head.count >= 21 else { return nil }
        switch head[15] {
        case UInt8(ascii: " "), UInt8(ascii: "L"): return Finding(.webp)
        case UInt8(ascii: "X"): return Finding(.webp, isAnimated: head[20] & 0x02 != 0)
        default: return nil
        }
    }

    private static func tiff(_ head: Span<UInt8>) -> Finding? {
        let signatures: [[UInt8]] = [
            [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
            [0x49, 0x49, 0x2B, 0x00, 0x08, 0x00, 0x00, 0x00], [0x4D, 0x4D, 0x00, 0x2B, 0x00, 0x08, 0x00, 0x00],
        ]
        return signatures.contains { head.begins(with: $0) } ? Finding(.tiff, isAnimated: nil) : nil
    }

    private static func bmp(_ head: Span<UInt8>) -> Finding? {
        guard head.holds("BM", at: 0), head.count >= 18, head[15] == 0, head[16] == 0, head[17] == 0 else { return nil }
        return BMPHeader.knownSizes.contains(Int(head[14])) ? Finding(.bmp) : nil
    }

    // MARK: Box formats

    private static func boxed(_ head: Span<UInt8>) -> Finding? {
        if head.begins(with: [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]) {
            return Finding(.jxl, isAnimated: nil)
        }
        guard head.holds("ftyp", at: 4), let size = head.bigEndian32(at: 0), size >= 16, size <= 1_024,
            size <= head.count
        else { return nil }
        // The major brand first, then the compatible ones; between them lies the version.
        let brands = [8] + Array(stride(from: 16, through: size - 4, by: 4))
        for offset in brands {
            if let finding = brand(head, at: offset) { return finding }
        }
        // Only the general brands of ISO/IEC 23008-12: the decoder has to find out what is coded how.
        if brands.contains(where: { head.holds("mif1", at: $0) || head.holds("msf1", at: $0) }) {
            return Finding(.heic, isAnimated: nil)
        }
        return nil
    }

    private static func brand(_ head: Span<UInt8>, at offset: Int) -> Finding? {
        if head.holds("avif", at: offset) { return Finding(.avif) }
        if head.holds("avis", at: offset) { return Finding(.avif, isAnimated: true) }
        for name in ["heic", "heix", "heim", "heis"] where head.holds(name, at: offset) { return Finding(.heic) }
        for name in ["hevc", "hevx", "hevm", "hevs"] where head.holds(name, at: offset) {
            return Finding(.heic, isAnimated: true)
        }
        return nil
    }

    // MARK: SVG

    private static func svg(_ head: Span<UInt8>) -> Finding? {
        guard let text = MarkupHead(head) else { return nil }
        return text.rootName == "svg" ? Finding(.svg) : nil
    }
}

extension Span<UInt8> {
    func begins(with bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        for index in bytes.indices where self[index] != bytes[index] { return false }
        return true
    }

    /// Whether these ASCII characters lie at an offset.
    func holds(_ text: String, at offset: Int) -> Bool {
        guard offset >= 0, offset <= count, count - offset >= text.utf8.count else { return false }
        var index = offset
        for unit in text.utf8 {
            guard self[index] == unit else { return false }
            index += 1
        }
        return true
    }

    /// Four bytes as a number, `nil` past the end.
    func bigEndian32(at offset: Int) -> Int? {
        guard offset >= 0, offset <= count - 4 else { return nil }
        let high = Int(self[offset]) << 24 | Int(self[offset + 1]) << 16
        return high | Int(self[offset + 2]) << 8 | Int(self[offset + 3])
    }
}
