package import DeliveryTypes

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A picture in 6 to 166 characters, from which a browser paints a blur while the picture loads (blurha.sh).
///
/// The text holds the first cosine waves of the picture in linear light, in base 83. The work is pixels times waves,
/// so give it a thumbnail; 32 × 32 loses nothing. Alpha is not looked at: flatten first.
package enum BlurHash {
    /// - Throws: `unsuitableTransformation` unless both numbers of waves are in 1…9.
    package static func text(of bitmap: Bitmap, components: PixelSize) throws(RenderFailure) -> String {
        guard 1...9 ~= components.width, 1...9 ~= components.height else {
            throw RenderFailure(.unsuitableTransformation, "A BlurHash has 1 to 9 components on each axis.")
        }
        let factors = factors(of: bitmap, components: components)
        let average = factors[0].map { UInt32(linearToByte($0)) }
        let waves = factors.dropFirst()
        let largest = waves.joined().reduce(0) { max($0, abs($1)) }
        let quantizedMax = waves.isEmpty ? 0 : min(max(Int((largest * 166 - 0.5).rounded(.down)), 0), 82)
        let scale = Double(quantizedMax + 1) / 166

        var text = ""
        append(components.width - 1 + (components.height - 1) * 9, digits: 1, to: &text)
        append(quantizedMax, digits: 1, to: &text)
        append(Int(average[0] << 16 | average[1] << 8 | average[2]), digits: 4, to: &text)
        for wave in waves {
            let levels = wave.map { value in
                let root = (abs(value) / scale).squareRoot() * (value < 0 ? -1 : 1)
                return min(max(Int((root * 9 + 9.5).rounded(.down)), 0), 18)
            }
            append((levels[0] * 19 + levels[1]) * 19 + levels[2], digits: 2, to: &text)
        }
        return text
    }

    /// Red, green and blue of each wave, row by row; the first is the average.
    private static func factors(of bitmap: Bitmap, components: PixelSize) -> [[Double]] {
        let (width, height) = (bitmap.size.width, bitmap.size.height)
        let linear = (0..<256).map { byteToLinear(UInt8($0)) }
        let cosinesX = cosines(components.width, over: width)
        let cosinesY = cosines(components.height, over: height)
        var factors = [[Double]](repeating: [0, 0, 0], count: components.area)
        for y in 0..<height {
            // The waves are products of one along x and one along y: sum along the row first.
            var sums = [Double](repeating: 0, count: components.width * 3)
            for x in 0..<width {
                let pixel = (y * width + x) * bitmap.channels
                for channel in 0..<3 {
                    let value = linear[Int(bitmap.pixels[pixel + channel])]
                    for i in 0..<components.width { sums[i * 3 + channel] += value * cosinesX[i * width + x] }
                }
            }
            for j in 0..<components.height {
                let cosine = cosinesY[j * height + y]
                for i in 0..<components.width {
                    for channel in 0..<3 {
                        factors[j * components.width + i][channel] += sums[i * 3 + channel] * cosine
                    }
                }
            }
        }
        for index in factors.indices {
            let norm = (index == 0 ? 1.0 : 2.0) / Double(width * height)
            for channel in 0..<3 { factors[index][channel] *= norm }
        }
        return factors
    }

    private static func cosines(_ count: Int, over side: Int) -> [Double] {
        (0..<count).flatMap { wave in
            (0..<side).map { cos(Double.pi * Double(wave) * Double($0) / Double(side)) }
        }
    }

    private static func byteToLinear(_ value: UInt8) -> Double {
        let value = Double(value) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    private static func linearToByte(_ value: Double) -> UInt8 {
        let value = min(max(value, 0), 1)
        let encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
        return UInt8(encoded * 255 + 0.5)
    }

    private static let alphabet = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
    )

    private static func append(_ value: Int, digits: Int, to text: inout String) {
        var divisor = 1
        for _ in 1..<max(digits, 1) { divisor *= 83 }
        for _ in 0..<digits {
            text.append(alphabet[value / divisor % 83])
            divisor /= 83
        }
    }
}
