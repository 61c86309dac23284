import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct AnimationTests {
        static let animated: [ImageFormat] = [.gif, .webp]

        private static func colors(_ read: ReadPicture) -> [[Int]] {
            (0..<read.facts.frames).map { read.mean(x: 0.5, y: 0.5, frame: $0) }
        }

        private static func animation(_ bytes: [UInt8]) throws -> Animation {
            var loading = Raster.Loading()
            loading.pages = -1
            let source = try SourcePicture(SourceBytes(copying: bytes), limits: RenderLimits())
            return try source.raster(loading).animation(frames: source.facts.frames)
        }

        @Test("frames, delays and loops survive", arguments: animated, animated)
        func keepsFrames(_ source: ImageFormat, _ target: ImageFormat) throws {
            let result = try render(Samples.animation(source), as: .format(target)) {
                $0.resizing = .fill
                $0.width = 30
                $0.height = 30
            }
            let read = try ReadPicture(result.bytes)
            #expect(result.head.frames == 4)
            #expect(result.head.size == PixelSize(width: 30, height: 30))
            #expect(read.facts.frames == 4)
            #expect(read.size == PixelSize(width: 30, height: 30))
            #expect(distance(Self.colors(read), Samples.quadrants) <= 12)
            let animation = try Self.animation(result.bytes)
            #expect(animation.delays == [100, 200, 300, 400])
            #expect(animation.loop == 3)
        }

        @Test("a format without frames takes the first", arguments: [ImageFormat.jpeg, .png, .avif, .jxl])
        func takesFirst(_ target: ImageFormat) throws {
            let result = try render(Samples.animation(.gif), as: .format(target))
            let read = try ReadPicture(result.bytes)
            #expect(result.head.frames == 1)
            #expect(result.head.source.frames == 4)
            #expect(read.size == Samples.size)
            #expect(distance(read.mean(x: 0.5, y: 0.5), Samples.quadrants[0]) <= 12)
        }

        @Test("a frame is chosen by number", arguments: animated)
        func takesPage(_ source: ImageFormat) throws {
            let result = try render(Samples.animation(source), as: .format(.gif)) {
                $0.page = 2
                $0.pageCount = 1
            }
            let read = try ReadPicture(result.bytes)
            #expect(read.facts.frames == 1)
            #expect(distance(read.mean(x: 0.5, y: 0.5), Samples.quadrants[2]) <= 12)
        }

        @Test("a single enlarged frame is not cut into several")
        func enlargesOneFrame() throws {
            let result = try render(Samples.animation(.gif), as: .format(.webp)) {
                $0.disableAnimation = true
                $0.height = 128
                $0.enlarge = true
                $0.stripMetadata = false
            }
            #expect(try ReadPicture(result.bytes).facts.frames == 1)
            #expect(try ReadPicture(result.bytes).size.height == 128)
        }

        @Test("frames past the limit are left out", arguments: animated)
        func leavesOutFrames(_ source: ImageFormat) throws {
            var limits = RenderLimits()
            limits.framesMax = 3
            let bytes = try Samples.animation(source, frames: 9)
            let result = try render(bytes, as: .format(.webp), limits: limits)
            #expect(result.head.frames == 3)
            #expect(result.head.source.frames == 9)
            let tighter = try render(bytes, as: .format(.webp), limits: limits) { $0.maximumAnimationFrames = 2 }
            #expect(tighter.head.frames == 2)
        }

        @Test("overlays and canvases are on every frame")
        func drawsOnEveryFrame() throws {
            let mark = try Samples.still(.png, PixelSize(width: 20, height: 20))
            let result = try render(Samples.animation(.gif), layers: [mark], as: .format(.webp)) {
                $0.watermark = Watermark(
                    opacity: 1,
                    position: .anchored(Gravity(.northWest)),
                    source: .local("mark.png")
                )
                $0.padding = Transformation.Padding(top: 8, right: 8, bottom: 8, left: 8)
                $0.background = Color(red: 0, green: 0, blue: 0)
            }
            let read = try ReadPicture(result.bytes)
            #expect(read.size == PixelSize(width: 112, height: 80))
            for frame in 0..<4 {
                #expect(distance(read.mean(x: 0.04, y: 0.06, frame: frame), Samples.quadrants[0]) <= 20)
                #expect(
                    distance(read.mean(x: 0.5, y: 0.96, frame: frame, reach: 1), Color(red: 0, green: 0, blue: 0)) <= 12
                )
                #expect(distance(read.mean(x: 0.5, y: 0.5, frame: frame), Samples.quadrants[frame]) <= 12)
            }
        }

        @Test("too many pixels over all frames are refused")
        func refusesMemory() throws {
            var limits = RenderLimits()
            limits.sourcePixelsMax = Samples.size.area * 3
            let problem = failure { try render(try Samples.animation(.gif), as: .format(.gif), limits: limits) }
            #expect(problem?.code == .limitExceeded)
        }
    }
}
