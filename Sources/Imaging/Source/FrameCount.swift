import DeliveryTypes

/// Counts an animation's frames by walking its blocks, without decoding and without memory.
///
/// libvips's own readers look at every frame of a file before the first can be asked for, and hold a record of each;
/// a small file of millions of frames would cost memory and (for WebP, whose frames are looked up from the start each
/// time) quadratic time. So files with too many are refused first. And libvips 8.14 takes a GIF that ends in the middle
/// of a frame for a shorter one, whatever `fail_on` says; the walk tells.
struct FrameCount: Hashable {
    /// Frames that libvips may be shown, whether they are used or not.
    static let max = 8_192

    /// The number of frames, counting no further than `max` + 1; 1 for formats without frames.
    private(set) var frames = 1
    /// Whether the file ends inside a block.
    ///
    /// A GIF without its end mark, which browsers show too, does not.
    private(set) var isCutOff = false

    init(_ bytes: Span<UInt8>, format: ImageFormat) {
        switch format {
        case .gif: walkGIF(bytes)
        case .webp: walkWebP(bytes)
        default: break
        }
    }

    private mutating func walkGIF(_ bytes: Span<UInt8>) {
        frames = 0
        guard let flags = bytes.byte(10) else {
            isCutOff = true
            return
        }
        var place = 13 + Self.colourTable(flags)
        while frames <= Self.max, place != bytes.count {
            let start: Int
            switch bytes.byte(place) {
            case 0x2C:
                let flags = bytes.byte(place + 9)
                start = place + 11 + Self.colourTable(flags ?? 0)
                frames += 1
            case 0x21: start = place + 2
            case nil:
                isCutOff = true
                return
            default: return
            }
            guard let next = Self.afterSubBlocks(bytes, from: start) else {
                isCutOff = true
                return
            }
            place = next
        }
    }

    private static func colourTable(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    /// `nil` when the bytes end before the mark of the last block.
    private static func afterSubBlocks(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var place = start
        while let length = bytes.byte(place) {
            if length == 0 { return place + 1 }
            place += 1 + Int(length)
        }
        return nil
    }

    /// Libvips notices by itself when a WebP ends early.
    private mutating func walkWebP(_ bytes: Span<UInt8>) {
        var place = 12
        var found = 0
        while found <= Self.max, place + 8 <= bytes.count {
            // "ANMF", then a little-endian length that leaves out the padding to even.
            let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
            if bytes.holds("ANMF", at: place) { found += 1 }
            place += 8 + length + length % 2
        }
        frames = Swift.max(1, found)
    }
}

extension Span<UInt8> {
    /// The byte at `offset`; `nil` outside.
    fileprivate func byte(_ offset: Int) -> UInt8? { indices.contains(offset) ? self[offset] : nil }
}
