import DeliveryTypes

@testable import Imaging

/// Pictures with the structure of photographs, made from noise: detail on every scale, and hard edges.
enum GeneratedPhoto: String, CaseIterable {
    /// Soft shapes with little grain, as of a portrait.
    case soft
    /// Much fine texture, as of foliage.
    case rough
    /// Plain areas with hard edges, as of buildings and writing.
    case edged

    /// One JPEG of each, of 960 × 720 pixels.
    static func large(_ photo: GeneratedPhoto) throws -> [UInt8] { try all.get()[photo] ?? [] }

    private static let all = Result {
        let size = PixelSize(width: 960, height: 720)
        return try Dictionary(uniqueKeysWithValues: allCases.map { ($0, try $0.jpeg(size)) })
    }

    /// Opacity of each layer of noise, the coarsest first; each has four times as many points a side.
    private var opacities: [Double] {
        switch self {
        case .soft: [1, 0.5, 0.15, 0.03]
        case .rough: [1, 0.5, 0.35, 0.12]
        case .edged: [1, 0.2, 0.05, 0.02]
        }
    }

    func raster(_ size: PixelSize, seed: UInt64 = 1, alpha: Bool = false) throws -> Raster {
        try EngineSuite.start.get()
        var random = SeededGenerator(seed: seed)
        var picture = try Self.noise(PixelSize(width: 5, height: 4), &random).resized(to: size).materialized()
        for (octave, opacity) in opacities.enumerated().dropFirst() {
            let share = 1 << (2 * (opacities.count - 1 - octave))
            let points = PixelSize(width: max(2, size.width / share), height: max(2, size.height / share))
            let layer = try Self.noise(points, &random).resized(to: size).materialized()
            picture = try picture.composed(with: layer, at: PixelPoint(x: 0, y: 0), opacity: opacity).materialized()
        }
        if self == .edged { picture = try Self.withEdges(picture, size, &random) }
        guard alpha else { return picture }
        return try Self.masked(picture, size)
    }

    /// A file without loss.
    func png(_ size: PixelSize, seed: UInt64 = 1, alpha: Bool = false) throws -> [UInt8] {
        try raster(size, seed: seed, alpha: alpha).encoded(Raster.Encoding(format: .png))
    }

    func jpeg(_ size: PixelSize, seed: UInt64 = 1) throws -> [UInt8] {
        var encoding = Raster.Encoding(format: .jpeg)
        encoding.quality = 95
        return try raster(size, seed: seed).encoded(encoding)
    }

    private static func noise(_ size: PixelSize, _ random: inout SeededGenerator) throws -> Raster {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(size.area * 3 + 8)
        while pixels.count < size.area * 3 {
            var bits = random.next()
            // Grey for the most part, as in photographs.
            for _ in 0..<2 {
                let grey = bits & 0xDF
                pixels += [UInt8(grey), UInt8(grey + bits >> 8 & 0x1F), UInt8(grey + bits >> 13 & 0x1F)]
                bits >>= 32
            }
        }
        return try Raster(pixels: Array(pixels.prefix(size.area * 3)), size: size, bands: 3)
    }

    private static func withEdges(
        _ picture: borrowing Raster,
        _ size: PixelSize,
        _ random: inout SeededGenerator
    ) throws -> Raster {
        var picture = try picture.materialized()
        for _ in 0..<40 {
            let bits = random.next()
            let box = PixelSize(width: 2 + Int(bits & 0x7F), height: 2 + Int(bits >> 8 & 0x3F))
            let color = [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 24 & 0xFF), UInt8(bits >> 32 & 0xFF)]
            let area = try Raster(
                pixels: Array(repeating: color, count: box.area).flatMap { $0 },
                size: box,
                bands: 3
            )
            let place = PixelPoint(
                x: Int.random(in: 0..<size.width, using: &random),
                y: Int.random(in: 0..<size.height, using: &random)
            )
            picture = try picture.composed(with: area.materialized(), at: place, opacity: 1).materialized()
        }
        return picture
    }

    /// With a transparent ground around an ellipse.
    private static func masked(_ picture: borrowing Raster, _ size: PixelSize) throws -> Raster {
        var pixels = try picture.withAlpha().bitmap().pixels
        for y in 0..<size.height {
            for x in 0..<size.width {
                let (across, down) = (Double(x) / Double(size.width) - 0.5, Double(y) / Double(size.height) - 0.5)
                let distance = (across * across + down * down).squareRoot()
                let opacity = min(max((0.45 - distance) * 40, 0), 1)
                pixels[(y * size.width + x) * 4 + 3] = UInt8(opacity * 255)
            }
        }
        return try Raster(pixels: pixels, size: size, bands: 4)
    }
}
