import DeliveryTypes

/// Counts an animation's frames by walking its blocks, without decoding and without memory.
///
/// libvips's own readers look at every frame of a file before the first can be asked for, and hold a record of each;
/// a small file of millions of frames would cost memory and (for WebP, whose frames are looked up from the start each
/// time) quadratic time. So files with too many are refused first.
enum FrameCount {
    /// Frames that libvips may be shown, whether they are used or not.
    static let max = 8_192

    /// The number of frames, counting no further than `max` + 1; 1 for formats without frames.
    ///
    /// What is damaged ends the count.
    static func frames(in bytes: Span<UInt8>, format: ImageFormat) -> Int {
        switch format {
        case .gif: gif(bytes)
        case .webp: webp(bytes)
        default: 1
        }
    }

    private static func gif(_ bytes: Span<UInt8>) -> Int {
        guard let flags = bytes.byte(10) else { return 1 }
        var place = 13 + colourTable(flags)
        var frames = 0
        while frames <= max, let introducer = bytes.byte(place) {
            switch introducer {
            case 0x2C:
                guard let flags = bytes.byte(place + 9) else { return frames }
                frames += 1
                place = afterSubBlocks(bytes, from: place + 11 + colourTable(flags))
            case 0x21: place = afterSubBlocks(bytes, from: place + 2)
            default: return frames
            }
        }
        return frames
    }

    private static func colourTable(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    private static func afterSubBlocks(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var place = start
        while let length = bytes.byte(place), length > 0 { place += 1 + Int(length) }
        return place + 1
    }

    private static func webp(_ bytes: Span<UInt8>) -> Int {
        var place = 12
        var frames = 0
        while frames <= max, place + 8 <= bytes.count {
            // "ANMF", then a little-endian length that leaves out the padding to even.
            let name = (0..<4).compactMap { bytes.byte(place + $0) }
            let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(bytes.byte(place + $1) ?? 0) }
            if name.elementsEqual("ANMF".utf8) { frames += 1 }
            place += 8 + length + length % 2
        }
        return Swift.max(1, frames)
    }
}

extension Span<UInt8> {
    /// The byte at `offset`; `nil` outside.
    fileprivate func byte(_ offset: Int) -> UInt8? { indices.contains(offset) ? self[offset] : nil }
}
