import DeliveryTypes

/// Expands a BMP's run-length codes (BI_RLE8 and BI_RLE4) to one palette index a pixel.
struct BMPRunLengths {
    private let width: Int
    private let height: Int
    private let isNibbles: Bool
    private let start: Int

    init(_ header: BMPHeader) {
        width = header.size.width
        height = header.size.height
        isNibbles = header.compression == .rle4
        start = header.pixelOffset
    }

    /// Writes rows top to bottom; pixels that the code leaves out stay as they are.
    ///
    /// - Throws: `corruptSource` when the code ends without its end mark or leaves the picture.
    func expand(_ bytes: Span<UInt8>, into indices: inout [UInt8]) throws(RenderFailure) {
        var offset = start
        var x = 0
        var y = 0
        while true {
            guard offset + 1 < bytes.count else { throw .corruptBMP("it ends too early") }
            let count = Int(bytes[offset])
            let value = bytes[offset + 1]
            offset += 2
            if count > 0 {
                try write(count, at: &x, row: y, into: &indices) { index in
                    isNibbles ? (index % 2 == 0 ? value >> 4 : value & 15) : value
                }
                continue
            }
            switch value {
            case 0:
                x = 0
                y += 1
            case 1: return
            case 2:
                guard offset + 1 < bytes.count else { throw .corruptBMP("it ends too early") }
                x += Int(bytes[offset])
                y += Int(bytes[offset + 1])
                offset += 2
                guard x <= width, y < height else { throw .corruptBMP("a run leaves the picture") }
            default:
                let count = Int(value)
                let length = isNibbles ? (count + 1) / 2 : count
                guard offset + length <= bytes.count else { throw .corruptBMP("it ends too early") }
                let literal = bytes.extracting(offset..<offset + length)
                try write(count, at: &x, row: y, into: &indices) { index in
                    guard isNibbles else { return literal[index] }
                    return index % 2 == 0 ? literal[index / 2] >> 4 : literal[index / 2] & 15
                }
                offset += length + length % 2
            }
        }
    }

    /// Pixels past the end of the row are left out: some writers pad runs of four bits to whole bytes.
    private func write(
        _ count: Int,
        at x: inout Int,
        row: Int,
        into indices: inout [UInt8],
        value: (Int) -> UInt8
    ) throws(RenderFailure) {
        guard row < height, x + count <= width + 1 else { throw .corruptBMP("a run leaves the picture") }
        let base = (height - 1 - row) * width
        for index in 0..<min(count, width - x) { indices[base + x + index] = value(index) }
        x = min(width, x + count)
    }
}
