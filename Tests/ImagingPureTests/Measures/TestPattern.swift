import DeliveryTypes
import Imaging

/// Pictures drawn by whole-number formulas, the same in `Tests/Fixtures/hashes/make_vectors.py`.
enum TestPattern: Sendable {
    case gradient
    case checks
    case flat
    case scatter
    /// With alpha.
    case disc

    func bitmap(_ width: Int, _ height: Int) -> Bitmap {
        let hasAlpha = self == .disc
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let color = color(x, y, width, height)
                pixels += color.prefix(hasAlpha ? 4 : 3).map { UInt8($0) }
            }
        }
        return Bitmap(size: PixelSize(width: width, height: height), hasAlpha: hasAlpha, pixels: pixels)
    }

    private func color(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> [Int] {
        switch self {
        case .gradient:
            let last = max(1, width + height - 2)
            return [x * 255 / max(1, width - 1), y * 255 / max(1, height - 1), (x + y) * 255 / last, 255]
        case .checks:
            return (x / 4 + y / 4) % 2 == 1 ? [230, 40, 90, 255] : [20, 160, 220, 255]
        case .flat:
            return [200, 100, 50, 255]
        case .scatter:
            return [(x * 83 + y * 151) % 256, (x * 29 + y * y * 7) % 256, (x * x * 3 + y * 11) % 256, 255]
        case .disc:
            let distance = (2 * x - width) * (2 * x - width) + (2 * y - height) * (2 * y - height)
            let radius = min(width, height) * min(width, height) / 2
            return distance < radius ? [250, 180, 30, 255] : [10, 20, 30, x * 255 / max(1, width - 1) / 3]
        }
    }
}
