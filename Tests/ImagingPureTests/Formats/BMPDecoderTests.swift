import DeliveryTypes
import Imaging
import Testing

@Suite("BMP decoding")
struct BMPDecoderTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: [UInt8]
        let bitmap: Bitmap
    }

    /// A picture with three different channels and alpha, so that no exchange of channels or axes goes unseen.
    private static func color(_ x: Int, _ y: Int) -> [UInt8] {
        [UInt8(x * 18 & 255), UInt8(y * 35 & 255), UInt8((x * 7 + y * 50) & 255), UInt8((x + y) * 12 & 255)]
    }

    private static func sample(
        _ name: String,
        _ builder: BMPBuilder,
        hasAlpha: Bool = false,
        stored: (Int, Int) -> UInt32,
        seen: (Int, Int) -> [UInt8]
    ) -> Sample {
        var builder = builder
        builder.data = BMPBuilder.rows(
            width: builder.width,
            height: builder.height,
            bits: builder.bits,
            isTopDown: builder.isTopDown,
            value: stored
        )
        let pixels = (0..<builder.height).flatMap { y in
            (0..<builder.width).flatMap { x in seen(x, y).prefix(hasAlpha ? 4 : 3) }
        }
        let size = PixelSize(width: builder.width, height: builder.height)
        let bitmap = Bitmap(size: size, hasAlpha: hasAlpha, pixels: pixels)
        return Sample(testDescription: name, file: builder.file(), bitmap: bitmap)
    }

    private static func direct(_ x: Int, _ y: Int) -> UInt32 {
        let color = color(x, y)
        return UInt32(color[3]) << 24 | UInt32(color[0]) << 16 | UInt32(color[1]) << 8 | UInt32(color[2])
    }

    private static func indexed(_ name: String, bits: Int, entries: Int? = nil, headerSize: Int = 40) -> Sample {
        let count = entries ?? 1 << bits
        let palette = (0..<count).map { color($0, count - $0) }
        let builder = BMPBuilder(headerSize: headerSize, bits: bits, palette: palette)
        return sample(name, builder) { x, y in
            UInt32((x + y * 3) % (1 << bits))
        } seen: { x, y in
            let index = (x + y * 3) % (1 << bits)
            return index < count ? palette[index] : [0, 0, 0, 0]
        }
    }

    /// Five, six or fewer bits brought to eight, rounding to the nearest.
    private static func widened(_ value: UInt32, bits: Int) -> UInt8 {
        let most = Double((1 << bits) - 1)
        return UInt8((Double(value) * 255 / most).rounded())
    }

    static let direct: [Sample] =
        [12, 40, 52, 56, 64, 108, 124].map { headerSize in
            sample("24 bits, header of \(headerSize)", BMPBuilder(headerSize: headerSize), stored: direct, seen: color)
        } + [
            sample("24 bits, top down", BMPBuilder(isTopDown: true), stored: direct, seen: color),
            sample("24 bits, one pixel", BMPBuilder(width: 1, height: 1), stored: direct, seen: color),
            sample("32 bits, fourth byte unused", BMPBuilder(bits: 32), stored: direct, seen: color),
            sample(
                "32 bits, masks behind the header",
                BMPBuilder(bits: 32, compression: 3, masks: [0xFF, 0xFF00, 0xFF_0000])
            ) { x, y in
                let color = color(x, y)
                return UInt32(color[0]) | UInt32(color[1]) << 8 | UInt32(color[2]) << 16
            } seen: {
                color($0, $1)
            },
            sample(
                "32 bits with alpha, masks behind the header",
                BMPBuilder(bits: 32, compression: 6, masks: [0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000]),
                hasAlpha: true,
                stored: direct,
                seen: color
            ),
            sample(
                "32 bits with alpha, V5",
                BMPBuilder(
                    headerSize: 124,
                    bits: 32,
                    compression: 3,
                    isTopDown: true,
                    masks: [0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000]
                ),
                hasAlpha: true,
                stored: direct,
                seen: color
            ),
            sample(
                "32 bits with an alpha that is zero everywhere",
                BMPBuilder(headerSize: 56, bits: 32, compression: 3, masks: [0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000])
            ) {
                direct($0, $1) & 0xFF_FFFF
            } seen: {
                color($0, $1)
            },
            sample(
                "32 bits, ten a channel",
                BMPBuilder(headerSize: 52, bits: 32, compression: 3, masks: [0x3FF0_0000, 0xF_FC00, 0x3FF])
            ) { x, y in
                let color = color(x, y)
                return UInt32(color[0]) << 22 | UInt32(color[1]) << 12 | UInt32(color[2]) << 2 | 1
            } seen: {
                color($0, $1)
            },
            sample("16 bits, 5-5-5", BMPBuilder(bits: 16)) { x, y in
                UInt32(x % 32) << 10 | UInt32(y % 32) << 5 | UInt32((x + y) % 32)
            } seen: { x, y in
                [UInt32(x), UInt32(y), UInt32(x + y)].map { widened($0 % 32, bits: 5) }
            },
            sample("16 bits, 5-6-5", BMPBuilder(bits: 16, compression: 3, masks: [0xF800, 0x07E0, 0x001F])) { x, y in
                UInt32(x % 32) << 11 | UInt32(y * 9 % 64) << 5 | UInt32((x + y) % 32)
            } seen: { x, y in
                [
                    widened(UInt32(x % 32), bits: 5), widened(UInt32(y * 9 % 64), bits: 6),
                    widened(UInt32((x + y) % 32), bits: 5),
                ]
            },
            sample(
                "16 bits, 4-4-4-4",
                BMPBuilder(headerSize: 56, bits: 16, compression: 3, masks: [0x0F00, 0x00F0, 0x000F, 0xF000]),
                hasAlpha: true
            ) { x, y in
                UInt32(y) << 12 | UInt32(x) << 8 | UInt32(x ^ y) << 4 | 3
            } seen: { x, y in
                [UInt8(x * 17), UInt8((x ^ y) * 17), 51, UInt8(y * 17)]
            },
        ]

    static let palettes: [Sample] = [
        indexed("1 bit", bits: 1), indexed("2 bits", bits: 2), indexed("4 bits", bits: 4), indexed("8 bits", bits: 8),
        indexed("1 bit, core header", bits: 1, headerSize: 12), indexed("8 bits, core header", bits: 8, headerSize: 12),
        indexed("8 bits, short palette", bits: 8, entries: 11), indexed("4 bits, V4", bits: 4, headerSize: 108),
    ]

    @Test("every kind of BMP gives its pixels", arguments: direct + palettes + BMPRunLengthSamples.all)
    func kinds(sample: Sample) throws {
        #expect(try BMPDecoder.bitmap(from: sample.file.span, pixelsMax: 10_000) == sample.bitmap)
    }

    @Test("every beginning of a BMP is an error", arguments: direct + palettes + BMPRunLengthSamples.all)
    func truncated(sample: Sample) {
        for length in 0..<sample.file.count {
            let bytes = Array(sample.file.prefix(length))
            #expect(throws: RenderFailure.self, "\(length) of \(sample.file.count)") {
                try BMPDecoder.bitmap(from: bytes.span, pixelsMax: 10_000)
            }
        }
    }

    @Test("a size beyond the limit is refused before memory is taken")
    func limits() throws {
        var file = BMPBuilder(data: [0, 0, 0, 0]).file()
        file.replaceSubrange(18..<26, with: BMPBuilder.little(Int(Int32.max), 4) + BMPBuilder.little(Int(Int32.min), 4))
        let failure = #expect(throws: RenderFailure.self) {
            try BMPDecoder.bitmap(from: file.span, pixelsMax: 50_000_000)
        }
        #expect(failure?.code == .limitExceeded)
        let sample = try #require(Self.direct.first)
        #expect(throws: RenderFailure.self) { try BMPDecoder.bitmap(from: sample.file.span, pixelsMax: 13 * 7 - 1) }
        #expect(try BMPDecoder.bitmap(from: sample.file.span, pixelsMax: 13 * 7).size == sample.bitmap.size)
    }

    @Test("wrapped JPEGs and PNGs are refused as unsupported, nonsense as damaged")
    func refused() {
        func code(_ builder: BMPBuilder) -> RenderFailure.Code? {
            do throws(RenderFailure) {
                _ = try BMPDecoder.bitmap(from: builder.file().span, pixelsMax: 10_000)
                return nil
            } catch {
                return error.code
            }
        }
        let data = [UInt8](repeating: 0, count: 4_000)
        #expect(code(BMPBuilder(bits: 24, compression: 4, data: data)) == .unsupportedSource)
        #expect(code(BMPBuilder(bits: 24, compression: 5, data: data)) == .unsupportedSource)
        #expect(code(BMPBuilder(bits: 24, compression: 1, data: data)) == .corruptSource)
        #expect(code(BMPBuilder(bits: 7, data: data)) == .corruptSource)
        #expect(code(BMPBuilder(bits: 8, data: data)) == .corruptSource, "no palette")
        #expect(code(BMPBuilder(width: 0, data: data)) == .corruptSource)
        #expect(code(BMPBuilder(width: -5, data: data)) == .corruptSource)
        #expect(code(BMPBuilder(height: 0, data: data)) == .corruptSource)
        #expect(code(BMPBuilder(bits: 32, compression: 3, masks: [0xF0F, 0xF0, 0xF000], data: data)) == .corruptSource)
        #expect(code(BMPBuilder(bits: 16, compression: 3, masks: [0xF_0000, 0xF0, 0xF], data: data)) == .corruptSource)
    }

    @Test("damage never traps and never gives more pixels than allowed", arguments: Array(1...6) as [UInt64])
    func mutated(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let samples = Self.direct + Self.palettes + BMPRunLengthSamples.all
        for _ in 0..<4_000 {
            guard var bytes = samples.randomElement(using: &random)?.file else { continue }
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let head = Bool.random(using: &random) ? min(70, bytes.count) : bytes.count
                let extremes: [UInt8] = [0, 1, 2, 127, 128, 255, .random(in: 0...255, using: &random)]
                bytes[Int.random(in: 0..<head, using: &random)] = extremes.randomElement(using: &random) ?? 0
            }
            do throws(RenderFailure) {
                let bitmap = try BMPDecoder.bitmap(from: bytes.span, pixelsMax: 2_000)
                #expect(bitmap.size.area <= 2_000)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }
}
