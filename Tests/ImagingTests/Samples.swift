import DeliveryTypes
import Foundation

@testable import Imaging

/// Sources for tests, made by the encoders themselves.
enum Samples {
    static let size = PixelSize(width: 96, height: 64)
    /// Top left, top right, bottom left, bottom right.
    static let quadrants = [
        Color(red: 200, green: 60, blue: 40), Color(red: 60, green: 170, blue: 80),
        Color(red: 50, green: 80, blue: 190), Color(red: 230, green: 200, blue: 60),
    ]

    /// RGBA pixels of four quadrants; with `alpha` the bottom right one is transparent.
    static func pixels(_ size: PixelSize = size, alpha: Bool = false) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                let quadrant = (y >= size.height / 2 ? 2 : 0) + (x >= size.width / 2 ? 1 : 0)
                let color = quadrants[quadrant]
                pixels += [color.red, color.green, color.blue, alpha && quadrant == 3 ? 0 : 255]
            }
        }
        return pixels
    }

    static func raster(_ size: PixelSize = size, alpha: Bool = false) throws -> Raster {
        try EngineSuite.start.get()
        let rgba = try Raster(pixels: pixels(size, alpha: alpha), size: size, bands: 4)
        return alpha ? rgba : try rgba.flattened(over: quadrants[0])
    }

    /// A still picture; BMP and SVG are written by hand.
    static func still(_ format: ImageFormat, _ size: PixelSize = size, alpha: Bool = false) throws -> [UInt8] {
        switch format {
        case .bmp: return bitmap(size)
        case .svg: return drawing(size)
        default:
            var encoding = Raster.Encoding(format: format)
            encoding.quality = 92
            encoding.effort = 3
            return try raster(size, alpha: alpha).encoded(encoding)
        }
    }

    /// Frames that are the four quadrants' colours in turn, 100 ms, 200 ms, … each, played three times.
    static func animation(_ format: ImageFormat, frames: Int = 4, _ size: PixelSize = size) throws -> [UInt8] {
        try EngineSuite.start.get()
        let stack = FrameStack()
        for index in 0..<frames {
            let color = quadrants[index % 4]
            let pixels = (0..<size.area).flatMap { _ in [color.red, color.green, color.blue] }
            try stack.append(Raster(pixels: pixels, size: size, bands: 3))
        }
        let animation = Animation(delays: (0..<frames).map { Int32($0 % 4 + 1) * 100 }, loop: 3)
        var encoding = Raster.Encoding(format: format)
        encoding.quality = 92
        return try stack.joined(animation).encoded(encoding)
    }

    static func fixture(_ name: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Array(Data(contentsOf: tests.appendingPathComponent("Fixtures/imaging/\(name)")))
    }

    static func drawing(_ size: PixelSize) -> [UInt8] {
        let (width, height) = (size.width / 2, size.height / 2)
        let squares = quadrants.enumerated().map { index, color in
            let (x, y) = (index % 2 * width, index / 2 * height)
            let fill = "rgb(\(color.red),\(color.green),\(color.blue))"
            return "<rect x='\(x)' y='\(y)' width='\(width)' height='\(height)' fill='\(fill)'/>"
        }
        let head = "<svg xmlns='http://www.w3.org/2000/svg' width='\(size.width)' height='\(size.height)'>"
        return Array((head + squares.joined() + "</svg>").utf8)
    }

    /// 24 bits a pixel, bottom row first; the width must be a multiple of 4.
    static func bitmap(_ size: PixelSize) -> [UInt8] {
        let pixels = pixels(size)
        var bytes = Array("BM".utf8) + little(54 + size.area * 3) + little(0) + little(54)
        bytes += little(40) + little(size.width) + little(size.height) + [1, 0, 24, 0]
        bytes += [UInt8](repeating: 0, count: 24)
        for y in (0..<size.height).reversed() {
            for x in 0..<size.width {
                let start = (y * size.width + x) * 4
                bytes += [pixels[start + 2], pixels[start + 1], pixels[start]]
            }
        }
        return bytes
    }

    /// Four bytes, least significant first.
    static func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    /// Four bytes, most significant first.
    static func big(_ value: Int) -> [UInt8] { little(value).reversed() }
}
