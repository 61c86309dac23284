package import DeliveryTypes

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A picture with its ratio and transparency in about 25 bytes (evanw.github.io/thumbhash).
///
/// The bytes hold the first cosine waves of lightness, two colour differences and alpha, four bits each. The work is
/// pixels times waves: give it a thumbnail of at most 100 × 100.
package enum ThumbHash {
    /// The longest side taken, in pixels.
    package static let sideMax = 100

    /// - Throws: `unsuitableTransformation` for a larger bitmap.
    package static func bytes(of bitmap: Bitmap) throws(RenderFailure) -> [UInt8] {
        let (width, height) = (bitmap.size.width, bitmap.size.height)
        guard width <= sideMax, height <= sideMax else {
            throw RenderFailure(.unsuitableTransformation, "A thumbhash is made of at most 100 × 100 pixels.")
        }
        let planes = Planes(bitmap)
        let lightnessMax = planes.hasAlpha ? 5 : 7
        let longest = Double(max(width, height))
        let wavesX = max(1, Int((Double(lightnessMax * width) / longest).rounded()))
        let wavesY = max(1, Int((Double(lightnessMax * height) / longest).rounded()))
        func waves(_ plane: [Double], _ x: Int, _ y: Int) -> Waves { Waves(of: plane, size: bitmap.size, x: x, y: y) }
        let lightness = waves(planes.lightness, max(3, wavesX), max(3, wavesY))
        let yellowBlue = waves(planes.yellowBlue, 3, 3)
        let redGreen = waves(planes.redGreen, 3, 3)

        let isLandscape = width > height
        var head = level(lightness.average, 63)
        head |= level(0.5 + 0.5 * yellowBlue.average, 63) << 6
        head |= level(0.5 + 0.5 * redGreen.average, 63) << 12
        head |= level(lightness.scale, 31) << 18
        head |= planes.hasAlpha ? 1 << 23 : 0
        var tail = isLandscape ? wavesY : wavesX
        tail |= level(yellowBlue.scale, 63) << 3
        tail |= level(redGreen.scale, 63) << 9
        tail |= isLandscape ? 1 << 15 : 0
        var bytes = [head, head >> 8, head >> 16, tail, tail >> 8].map { UInt8($0 & 255) }

        var nibbles = (lightness.details + yellowBlue.details + redGreen.details).map { level($0, 15) }
        if planes.hasAlpha {
            let alpha = waves(planes.alpha, 5, 5)
            bytes.append(UInt8(level(alpha.average, 15) | level(alpha.scale, 15) << 4))
            nibbles += alpha.details.map { level($0, 15) }
        }
        for index in stride(from: 0, to: nibbles.count, by: 2) {
            let high = index + 1 < nibbles.count ? nibbles[index + 1] : 0
            bytes.append(UInt8(nibbles[index] | high << 4))
        }
        return bytes
    }

    /// A share in 0…1 in whole steps up to `most`.
    private static func level(_ share: Double, _ most: Int) -> Int {
        min(max(Int((share * Double(most)).rounded()), 0), most)
    }

    /// The picture over its own average colour, taken apart.
    private struct Planes {
        private(set) var lightness: [Double] = []
        private(set) var yellowBlue: [Double] = []
        private(set) var redGreen: [Double] = []
        private(set) var alpha: [Double] = []
        let hasAlpha: Bool

        init(_ bitmap: Bitmap) {
            let count = bitmap.size.area
            func pixel(_ index: Int) -> (red: Double, green: Double, blue: Double, alpha: Double) {
                let offset = index * bitmap.channels
                let values = (0..<bitmap.channels).map { Double(bitmap.pixels[offset + $0]) / 255 }
                return (values[0], values[1], values[2], bitmap.hasAlpha ? values[3] : 1)
            }
            var average = (red: 0.0, green: 0.0, blue: 0.0, alpha: 0.0)
            for index in 0..<count {
                let (red, green, blue, alpha) = pixel(index)
                average.red += alpha * red
                average.green += alpha * green
                average.blue += alpha * blue
                average.alpha += alpha
            }
            if average.alpha > 0 {
                average.red /= average.alpha
                average.green /= average.alpha
                average.blue /= average.alpha
            }
            hasAlpha = bitmap.hasAlpha && average.alpha < Double(count)
            for index in 0..<count {
                let (red, green, blue, alpha) = pixel(index)
                let r = average.red * (1 - alpha) + alpha * red
                let g = average.green * (1 - alpha) + alpha * green
                let b = average.blue * (1 - alpha) + alpha * blue
                lightness.append((r + g + b) / 3)
                yellowBlue.append((r + g) / 2 - b)
                redGreen.append(r - g)
                self.alpha.append(alpha)
            }
        }
    }

    /// The lowest cosine waves of a plane, those in the triangle below the diagonal.
    private struct Waves {
        private(set) var average = 0.0
        /// Each brought to 0…1 by `scale`, the largest magnitude.
        private(set) var details: [Double] = []
        private(set) var scale = 0.0

        init(of plane: [Double], size: PixelSize, x countX: Int, y countY: Int) {
            func cosines(_ wave: Int, _ side: Int) -> [Double] {
                (0..<side).map { cos(Double.pi / Double(side) * Double(wave) * (Double($0) + 0.5)) }
            }
            let cosinesX = (0..<countX).map { cosines($0, size.width) }
            for waveY in 0..<countY {
                let cosinesY = cosines(waveY, size.height)
                var waveX = 0
                while waveX * countY < countX * (countY - waveY) {
                    var factor = 0.0
                    for y in 0..<size.height {
                        var sum = 0.0
                        for x in 0..<size.width { sum += plane[y * size.width + x] * cosinesX[waveX][x] }
                        factor += sum * cosinesY[y]
                    }
                    factor /= Double(size.area)
                    if waveX > 0 || waveY > 0 {
                        details.append(factor)
                        scale = max(scale, abs(factor))
                    } else {
                        average = factor
                    }
                    waveX += 1
                }
            }
            // Below that there is only rounding noise, which a scale of level 0 hides: the bytes shall not depend on
            // it.
            if scale < 1e-9 { scale = 0 }
            details = details.map { scale > 0 ? 0.5 + 0.5 / scale * $0 : 0 }
        }
    }
}
