import DeliveryTypes

/// A BMP's file header and its DIB header in any of their generations (Microsoft, "Bitmap Header Types").
struct BMPHeader {
    enum Compression {
        case none
        case rle8
        case rle4
        case bitFields
    }

    /// Where one channel lies in a pixel of 16 or 32 bits.
    struct Mask {
        let shift: Int
        let bits: Int

        static let absent = Mask(shift: 0, bits: 0)
    }

    /// Sizes of DIB headers: core, OS/2 2 short and long, info, info with masks, V4, V5.
    static let knownSizes: Set<Int> = [12, 16, 40, 52, 56, 64, 108, 124]

    let size: PixelSize
    let isTopDown: Bool
    let bitsPerPixel: Int
    let compression: Compression
    /// Red, green, blue, alpha; used with 16 and 32 bits.
    let masks: [Mask]
    /// Where the palette begins and how many entries of `paletteEntryBytes` it has.
    let paletteOffset: Int
    let paletteCount: Int
    let paletteEntryBytes: Int
    let pixelOffset: Int

    /// Bytes of one stored row, padded to four; rows of run lengths have none of their own.
    var rowBytes: Int { (size.width * bitsPerPixel + 31) / 32 * 4 }

    init(_ bytes: Span<UInt8>) throws(RenderFailure) {
        guard bytes.holds("BM", at: 0) else { throw RenderFailure(.unsupportedSource, "The picture is not a BMP.") }
        let headerSize = try bytes.number(4, at: 14)
        guard Self.knownSizes.contains(headerSize) else { throw .corruptBMP("its header has an unknown size") }
        let isCore = headerSize == 12
        let width = isCore ? try bytes.number(2, at: 18) : try bytes.signed(at: 18)
        let height = isCore ? try bytes.number(2, at: 20) : try bytes.signed(at: 22)
        guard width > 0, height != 0 else { throw .corruptBMP("it has no pixels") }
        size = PixelSize(width: width, height: abs(height))
        isTopDown = height < 0
        bitsPerPixel = try bytes.number(2, at: isCore ? 24 : 28)
        let method = headerSize >= 40 ? try bytes.number(4, at: 30) : 0
        compression = try Self.compression(method, bits: bitsPerPixel, isOS2: headerSize == 64)
        guard !isTopDown || compression == .none || compression == .bitFields else {
            throw .corruptBMP("run lengths cannot go top down")
        }

        // A plain info header is followed by its masks; later headers hold them.
        let masksFollow = headerSize == 40 && compression == .bitFields
        let masksBytes = masksFollow ? (method == 6 ? 16 : 12) : 0
        masks = try Self.masks(
            bytes,
            bits: bitsPerPixel,
            count: compression != .bitFields ? 0 : masksFollow ? masksBytes / 4 : headerSize >= 56 ? 4 : 3
        )

        paletteOffset = 14 + headerSize + masksBytes
        paletteEntryBytes = isCore ? 3 : 4
        pixelOffset = try bytes.number(4, at: 10)
        guard pixelOffset >= paletteOffset, pixelOffset <= bytes.count else {
            throw .corruptBMP("its pixels lie outside the file")
        }
        let colors = headerSize >= 40 ? try bytes.number(4, at: 46) : 0
        let colorsMax = bitsPerPixel <= 8 ? 1 << bitsPerPixel : 0
        let room = (pixelOffset - paletteOffset) / paletteEntryBytes
        paletteCount = min(colors == 0 ? colorsMax : min(colors, colorsMax), room)
        guard bitsPerPixel > 8 || paletteCount > 0 else { throw .corruptBMP("it has no palette") }
    }

    private static func compression(_ method: Int, bits: Int, isOS2: Bool) throws(RenderFailure) -> Compression {
        switch (method, bits) {
        case (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (0, 24), (0, 32): return .none
        case (1, 8): return .rle8
        case (2, 4): return .rle4
        case (3, 16), (3, 32), (6, 16), (6, 32):
            if isOS2 { throw RenderFailure(.unsupportedSource, "OS/2 Huffman-coded BMPs are not read.") }
            return .bitFields
        case (4, _), (5, _): throw RenderFailure(.unsupportedSource, "BMPs that wrap a JPEG or PNG are not read.")
        default: throw .corruptBMP("its compression does not go with its bits per pixel")
        }
    }

    private static func masks(_ bytes: Span<UInt8>, bits: Int, count: Int) throws(RenderFailure) -> [Mask] {
        guard count > 0 else {
            let isShort = bits == 16
            return isShort
                ? [Mask(shift: 10, bits: 5), Mask(shift: 5, bits: 5), Mask(shift: 0, bits: 5), .absent]
                : [Mask(shift: 16, bits: 8), Mask(shift: 8, bits: 8), Mask(shift: 0, bits: 8), .absent]
        }
        var masks: [Mask] = []
        for index in 0..<count {
            let value = UInt32(truncatingIfNeeded: try bytes.number(4, at: 54 + index * 4))
            let shift = value == 0 ? 0 : value.trailingZeroBitCount
            let run = value >> UInt32(shift)
            guard run & (run &+ 1) == 0, bits == 32 || value <= 0xFFFF else {
                throw .corruptBMP("a channel's bits do not lie together")
            }
            masks.append(Mask(shift: shift, bits: value.nonzeroBitCount))
        }
        if masks.count == 3 { masks.append(.absent) }
        return masks
    }
}

extension RenderFailure {
    static func corruptBMP(_ reason: String) -> RenderFailure {
        RenderFailure(.corruptSource, "The BMP is damaged: \(reason).")
    }
}

extension Span<UInt8> {
    /// A little-endian unsigned number of 2 or 4 bytes.
    func number(_ length: Int, at offset: Int) throws(RenderFailure) -> Int {
        guard offset >= 0, offset <= count - length else { throw .corruptBMP("it ends too early") }
        var value = 0
        for index in 0..<length { value |= Int(self[offset + index]) << (8 * index) }
        return value
    }

    /// A little-endian number of 4 bytes with a sign.
    func signed(at offset: Int) throws(RenderFailure) -> Int {
        Int(Int32(truncatingIfNeeded: try number(4, at: offset)))
    }
}
