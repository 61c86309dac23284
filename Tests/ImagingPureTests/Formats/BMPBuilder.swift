import DeliveryTypes

/// Writes BMP files of every kind for the decoder's tests.
struct BMPBuilder {
    var width = 13
    var height = 7
    var headerSize = 40
    var bits = 24
    var compression = 0
    var isTopDown = false
    /// Red, green, blue, alpha.
    var masks: [UInt32] = []
    /// Entries of red, green, blue.
    var palette: [[UInt8]] = []
    /// Stored rows or run lengths.
    var data: [UInt8] = []

    func file() -> [UInt8] {
        let isCore = headerSize == 12
        let following = headerSize == 40 && (compression == 3 || compression == 6) ? masks : []
        let paletteBytes = palette.flatMap { color -> [UInt8] in [color[2], color[1], color[0]] + (isCore ? [] : [0]) }
        let offset = 14 + headerSize + following.count * 4 + paletteBytes.count
        var dib = Self.little(headerSize, 4)
        if isCore {
            dib += Self.little(width, 2) + Self.little(height, 2) + Self.little(1, 2) + Self.little(bits, 2)
        } else {
            dib += Self.little(width, 4) + Self.little(isTopDown ? -height : height, 4) + Self.little(1, 2)
            dib += Self.little(bits, 2) + Self.little(compression, 4) + Self.little(data.count, 4)
            dib += Self.little(2_835, 4) + Self.little(2_835, 4) + Self.little(palette.count, 4) + Self.little(0, 4)
            if headerSize > 40 { dib += masks.flatMap { Self.little(Int($0), 4) } }
            dib += [UInt8](repeating: 0, count: max(0, headerSize - dib.count))
            dib = Array(dib.prefix(headerSize))
        }
        var file = Array("BM".utf8)
        file += Self.little(offset + data.count, 4)
        file += Self.little(0, 4)
        file += Self.little(offset, 4)
        file += dib
        for mask in following { file += Self.little(Int(mask), 4) }
        return file + paletteBytes + data
    }

    /// Rows of whole pixels, each a number of `bits` bits, padded to four bytes, in the file's order.
    static func rows(width: Int, height: Int, bits: Int, isTopDown: Bool, value: (Int, Int) -> UInt32) -> [UInt8] {
        var data: [UInt8] = []
        for row in 0..<height {
            let y = isTopDown ? row : height - 1 - row
            var bytes = [UInt8](repeating: 0, count: (width * bits + 31) / 32 * 4)
            for x in 0..<width {
                let pixel = value(x, y)
                if bits >= 8 {
                    for index in 0..<bits / 8 {
                        bytes[x * bits / 8 + index] = UInt8(pixel >> (8 * UInt32(index)) & 255)
                    }
                } else {
                    bytes[x * bits / 8] |= UInt8(pixel) << UInt8(8 - bits - x * bits % 8)
                }
            }
            data += bytes
        }
        return data
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
