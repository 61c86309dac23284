import DeliveryTypes

@testable import Imaging

/// A written rendition, read again.
struct ReadPicture {
    let facts: PictureFacts
    /// Of the first frame.
    let size: PixelSize
    /// RGBA of all frames.
    let pixels: [UInt8]

    init(_ bytes: [UInt8]) throws {
        let encoded = SourceBytes(copying: bytes)
        let source = try SourcePicture(encoded, limits: RenderLimits())
        var loading = Raster.Loading()
        loading.pages = source.facts.frames
        pixels = try source.raster(loading).inSRGB(keepingProfile: false).withAlpha().bitmap().pixels
        facts = source.facts
        size = source.facts.size
    }

    /// One pixel, counted in all frames.
    func pixel(_ x: Int, _ y: Int) -> [Int] {
        let start = (y * size.width + x) * 4
        return pixels[start..<(start + 4)].map(Int.init)
    }

    /// The mean of a block around a point given in shares of the frame's sides.
    func mean(x: Double, y: Double, frame: Int = 0, reach: Int = 3) -> [Int] {
        let (centerX, centerY) = (Int(Double(size.width) * x), Int(Double(size.height) * y) + frame * size.height)
        var sums = [0, 0, 0, 0]
        var count = 0
        for row in (centerY - reach)...(centerY + reach) {
            for column in (centerX - reach)...(centerX + reach) {
                sums = zip(sums, pixel(column, row)).map(+)
                count += 1
            }
        }
        return sums.map { ($0 + count / 2) / count }
    }

    /// The means of the four quadrants' middles.
    var quadrants: [[Int]] {
        [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)].map { mean(x: $0.0, y: $0.1) }
    }
}

/// The largest difference of a colour channel.
func distance(_ pixel: [Int], _ color: Color) -> Int {
    zip(pixel, [color.red, color.green, color.blue]).map { abs($0 - Int($1)) }.max() ?? .max
}

/// The largest difference between quadrants and colours.
func distance(_ quadrants: [[Int]], _ colors: [Color]) -> Int { zip(quadrants, colors).map(distance).max() ?? .max }
