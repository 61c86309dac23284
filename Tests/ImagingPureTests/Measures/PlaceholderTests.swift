import DeliveryTypes
import Imaging
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Placeholders")
struct PlaceholderTests {
    @Test("BlurHash agrees with another implementation", arguments: HashVectors.blurHashes)
    func blurHash(vector: HashVectors.Blur) throws {
        let bitmap = vector.pattern.bitmap(vector.width, vector.height)
        let components = PixelSize(width: vector.components.x, height: vector.components.y)
        #expect(try BlurHash.text(of: bitmap, components: components) == vector.text)
    }

    @Test("a decoded BlurHash looks like the picture")
    func blurHashRoundTrip() throws {
        let bitmap = TestPattern.gradient.bitmap(32, 24)
        let text = try BlurHash.text(of: bitmap, components: PixelSize(width: 4, height: 4))
        let decoded = try #require(BlurHashReader(text)).pixels(width: 32, height: 24)
        let error = zip(decoded, bitmap.pixels).map { abs(Int($0) - Int($1)) }.reduce(0, +)
        #expect(Double(error) / Double(decoded.count) < 20, "mean difference in levels of 255")
    }

    @Test("BlurHash refuses numbers of components that its text cannot hold")
    func blurHashComponents() {
        let bitmap = TestPattern.flat.bitmap(4, 4)
        for size in [PixelSize(width: 0, height: 3), PixelSize(width: 4, height: 10), PixelSize(width: -1, height: 1)] {
            #expect(throws: RenderFailure.self) { try BlurHash.text(of: bitmap, components: size) }
        }
    }

    @Test("thumbhash agrees with another implementation", arguments: HashVectors.thumbHashes)
    func thumbHash(vector: HashVectors.Thumb) throws {
        let bytes = try ThumbHash.bytes(of: vector.pattern.bitmap(vector.width, vector.height))
        let expected = stride(from: 0, to: vector.hex.utf8.count, by: 2).compactMap { offset in
            UInt8(vector.hex.dropFirst(offset).prefix(2), radix: 16)
        }
        #expect(bytes.count == expected.count)
        let head = vector.pattern == .disc ? 6 : 5
        #expect(Array(bytes.prefix(head)) == Array(expected.prefix(head)))
        // A flat picture's waves are rounding noise, which its scale of 0 hides.
        guard vector.pattern != .flat else { return }
        // A wave of strength 0 lies in the middle between two levels, so rounding may take either.
        for (byte, other) in zip(bytes, expected).dropFirst(head) {
            #expect(abs(Int(byte & 15) - Int(other & 15)) <= 1 && abs(Int(byte >> 4) - Int(other >> 4)) <= 1)
        }
    }

    @Test("a thumbhash holds the average colour, the ratio and whether there is alpha")
    func thumbHashMeaning() throws {
        let flat = try ThumbHash.bytes(of: TestPattern.flat.bitmap(60, 30))
        let head = Int(flat[0]) | Int(flat[1]) << 8 | Int(flat[2]) << 16
        let lightness = Double(head & 63) / 63
        let yellowBlue = Double(head >> 6 & 63) / 31.5 - 1
        let redGreen = Double(head >> 12 & 63) / 31.5 - 1
        let blue = lightness - 2.0 / 3 * yellowBlue
        let red = (3 * lightness - blue + redGreen) / 2
        let color = [red, red - redGreen, blue].map { $0 * 255 }
        for (value, original) in zip(color, [200.0, 100, 50]) { #expect(abs(value - original) < 6) }
        #expect(head >> 23 == 0)
        #expect(flat[4] >> 7 == 1, "landscape")
        #expect(flat[3] & 7 == 4, "7 waves along, half of that across, rounded")
        let disc = try ThumbHash.bytes(of: TestPattern.disc.bitmap(30, 60))
        #expect(disc[2] >> 7 == 1 && disc[4] >> 7 == 0)
        #expect(try ThumbHash.bytes(of: TestPattern.flat.bitmap(60, 30)) == flat)
    }

    @Test("thumbhash refuses pictures that are too large for it")
    func thumbHashSize() throws {
        #expect(throws: RenderFailure.self) { try ThumbHash.bytes(of: TestPattern.flat.bitmap(101, 3)) }
        #expect(throws: RenderFailure.self) { try ThumbHash.bytes(of: TestPattern.flat.bitmap(3, 101)) }
        #expect(try ThumbHash.bytes(of: TestPattern.flat.bitmap(100, 1)).count > 5)
    }
}

/// Paints a BlurHash, by the description at blurha.sh.
private struct BlurHashReader {
    private let columns: Int
    private let rows: Int
    private var colors: [[Double]]

    init?(_ text: String) {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~")
        let digits = text.compactMap { alphabet.firstIndex(of: $0) }
        guard digits.count == text.count, digits.count >= 6 else { return nil }
        columns = digits[0] % 9 + 1
        rows = digits[0] / 9 + 1
        guard digits.count == 4 + 2 * columns * rows else { return nil }
        let average = digits[2..<6].reduce(0) { $0 * 83 + $1 }
        colors = [[16, 8, 0].map { pow(Double(average >> $0 & 255) / 255, 2.2) }]
        let scale = Double(digits[1] + 1) / 166
        for wave in 1..<max(1, columns * rows) {
            let value = digits[4 + wave * 2] * 83 + digits[5 + wave * 2]
            colors.append(
                [value / 361, value / 19 % 19, value % 19].map { level in
                    let share = Double(level - 9) / 9
                    return share * abs(share) * scale
                }
            )
        }
    }

    func pixels(width: Int, height: Int) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 0.0
                    for (index, color) in colors.enumerated() {
                        let waveX = cos(Double.pi * Double(x * (index % columns)) / Double(width))
                        let waveY = cos(Double.pi * Double(y * (index / columns)) / Double(height))
                        sum += color[channel] * waveX * waveY
                    }
                    pixels.append(UInt8(pow(min(max(sum, 0), 1), 1 / 2.2) * 255))
                }
            }
        }
        return pixels
    }
}
