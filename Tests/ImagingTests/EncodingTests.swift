import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct EncodingTests {
        /// Much detail, so that quality shows in the size.
        private static func busy() throws -> [UInt8] {
            try EngineSuite.start.get()
            var state: UInt32 = 7
            let pixels = (0..<(160 * 120 * 3)).map { index -> UInt8 in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(truncatingIfNeeded: index / 480 + Int(state >> 26))
            }
            let raster = try Raster(pixels: pixels, size: PixelSize(width: 160, height: 120), bands: 3)
            return try raster.encoded(Raster.Encoding(format: .png))
        }

        static let lossy: [ImageFormat] = [.jpeg, .webp, .avif, .jxl]

        @Test("quality comes from the URL, then its table, then the server's", arguments: lossy)
        func choosesQuality(_ format: ImageFormat) throws {
            let source = try Samples.still(.png)
            var defaults = RenderDefaults()
            defaults.formatQuality = [format: 41]
            func quality(_ edit: (inout Transformation) -> Void) throws -> Int? {
                try render(source, as: .format(format), defaults: defaults, edit).head.quality
            }
            #expect(try quality { _ in } == 41)
            #expect(try quality { $0.formatQuality = [format: 52] } == 52)
            #expect(
                try quality {
                    $0.quality = 63
                    $0.formatQuality = [format: 52]
                } == 63
            )
            defaults.formatQuality = [:]
            #expect(try quality { _ in } == 80)
        }

        @Test("less quality is fewer bytes", arguments: lossy)
        func obeysQuality(_ format: ImageFormat) throws {
            let source = try Self.busy()
            let small = try render(source, as: .format(format)) { $0.quality = 20 }
            let large = try render(source, as: .format(format)) { $0.quality = 90 }
            #expect(small.bytes.count < large.bytes.count)
        }

        @Test("a bound of bytes is kept with the best quality that fits", arguments: lossy)
        func keepsByteBound(_ format: ImageFormat) throws {
            let source = try Self.busy()
            let best = try render(source, as: .format(format)) { $0.quality = 90 }
            let bound = best.bytes.count * 6 / 10
            let bounded = try render(source, as: .format(format)) {
                $0.quality = 90
                $0.maximumBytes = bound
            }
            let quality = try #require(bounded.head.quality)
            #expect(bounded.bytes.count <= bound)
            #expect((11..<90).contains(quality))
            let next = try render(source, as: .format(format)) { $0.quality = quality + 1 }
            #expect(next.bytes.count > bound)
        }

        @Test("an impossible bound gives the lowest quality")
        func givesLowest() throws {
            let result = try render(Self.busy(), as: .format(.jpeg)) { $0.maximumBytes = 10 }
            #expect(result.head.quality == RenditionEncoder.qualityFloor)
        }

        @Test("quality is searched for by similarity", arguments: lossy)
        func searchesSimilarity(_ format: ImageFormat) throws {
            let source = try Self.busy()
            func search(_ target: Double) throws -> RenderResult {
                try render(source, as: .format(format)) {
                    $0.autoQuality = Transformation.AutoQuality(
                        method: .dssim,
                        target: target,
                        minimumQuality: 10,
                        maximumQuality: 95,
                        allowedError: 0.0001
                    )
                }
            }
            let (strict, lax) = try (search(0.01), search(0.08))
            #expect(strict.bytes.count > lax.bytes.count)
            let reference = Similarity(
                reference: try Raster(SourceBytes(copying: source), format: .png).bitmap()
            )
            let bitmap = try Raster(SourceBytes(copying: lax.bytes), format: format).bitmap()
            #expect(try reference.dssim(to: bitmap) <= 0.08)
        }

        @Test("quality is searched for by size")
        func searchesSize() throws {
            let result = try render(Self.busy(), as: .format(.webp)) {
                $0.autoQuality = Transformation.AutoQuality(method: .size, target: 3_000)
            }
            #expect(result.bytes.count <= 3_000)
            #expect(result.bytes.count > 2_000)
        }

        @Test("JPEG is progressive when the server says so")
        func writesProgressive() throws {
            var defaults = RenderDefaults()
            let baseline = try render(Samples.still(.png), as: .format(.jpeg), defaults: defaults)
            defaults.progressiveJPEG = true
            let progressive = try render(Samples.still(.png), as: .format(.jpeg), defaults: defaults)
            #expect(!baseline.bytes.holds([0xFF, 0xC2]) && progressive.bytes.holds([0xFF, 0xC2]))
        }

        @Test("small pictures can be AVIF", arguments: [1, 2, 7, 15])
        func writesSmallAVIF(_ side: Int) throws {
            let result = try render(Samples.still(.png), as: .format(.avif)) {
                $0.resizing = .force
                $0.width = side
                $0.height = side
            }
            let read = try ReadPicture(result.bytes)
            #expect(read.facts.format == .avif)
            #expect(read.size == PixelSize(width: side, height: side))
        }

        // MARK: Choice of format

        @Test("negotiation loses neither alpha nor frames")
        func negotiates() throws {
            func format(_ source: [UInt8], _ accepted: [ImageFormat]) throws -> ImageFormat? {
                try render(source, as: .negotiated(accepted)).head.format
            }
            let (photo, clear) = try (Samples.still(.jpeg), Samples.still(.png, alpha: true))
            let moving = try Samples.animation(.gif)
            #expect(try format(photo, [.avif, .webp]) == .avif)
            #expect(try format(photo, []) == .jpeg)
            #expect(try format(clear, [.jpeg, .webp]) == .webp)
            #expect(try format(clear, []) == .png)
            #expect(try format(moving, [.avif, .webp]) == .webp)
            #expect(try format(moving, [.avif]) == .gif)
            #expect(try render(photo, as: .negotiated([])) { $0.padding.top = 4 }.head.format == .png)
            #expect(
                try render(clear, as: .negotiated([])) { $0.background = Samples.quadrants[0] }.head.format == .jpeg
            )
            #expect(try render(moving, as: .negotiated([.avif])) { $0.disableAnimation = true }.head.format == .avif)
        }

        @Test("formats that are only read are not written", arguments: [ImageFormat.heic, .tiff, .bmp])
        func refusesToWrite(_ format: ImageFormat) throws {
            let problem = failure { try render(Samples.still(.png), as: .format(format)) }
            #expect(problem?.code == .unsuitableTransformation)
        }

        @Test("a skipped format is passed through, also by negotiation")
        func skips() throws {
            let source = try Samples.still(.png)
            func bytes(_ target: RenditionTarget) throws -> [UInt8] {
                try render(source, as: target) {
                    $0.skipProcessing = [.png]
                    $0.width = 10
                }.bytes
            }
            #expect(try bytes(.format(.png)) == source)
            #expect(try bytes(.negotiated([.webp])) == source)
            #expect(try bytes(.format(.webp)) != source)
        }

        @Test("a drawing that stays one is sanitised")
        func keepsDrawing() throws {
            let hostile = Samples.drawing(Samples.size).dropLast(6) + Array("<script>alert(1)</script></svg>".utf8)
            let result = try render(Array(hostile), as: .format(.svg))
            #expect(result.head.format == .svg)
            #expect(!result.bytes.holds("script"))
            #expect(result.bytes.holds("<rect"))
        }
    }
}
