import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct CompositionTests {
        static let mark = SourceReference.local("mark.png")
        static let green = Color(red: 10, green: 200, blue: 30)
        static let white = Color(red: 255, green: 255, blue: 255)

        private static func plain(_ color: Color, _ width: Int, _ height: Int) throws -> [UInt8] {
            try EngineSuite.start.get()
            let pixels = (0..<(width * height)).flatMap { _ in [color.red, color.green, color.blue] }
            let raster = try Raster(pixels: pixels, size: PixelSize(width: width, height: height), bands: 3)
            return try raster.encoded(Raster.Encoding(format: .png))
        }

        private static func drawn(
            _ layers: [[UInt8]] = [],
            _ edit: (inout Transformation) -> Void
        ) throws -> ReadPicture {
            let source = try plain(white, 200, 100)
            return try ReadPicture(render(source, layers: layers, as: .format(.png), edit).bytes)
        }

        private static func isMark(_ pixel: [Int]) -> Bool { distance(pixel, green) <= 3 }

        @Test("a watermark lies where its gravity says, as opaque as asked")
        func placesWatermark() throws {
            let read = try Self.drawn([Self.plain(Self.green, 20, 10)]) {
                let gravity = Gravity(.southEast, x: 5, y: 5)
                $0.watermark = Watermark(opacity: 0.5, position: .anchored(gravity), source: Self.mark)
            }
            let mixed = Color(red: 133, green: 228, blue: 143)
            #expect(distance(read.pixel(176, 86), mixed) <= 2)
            #expect(distance(read.pixel(194, 94), mixed) <= 2)
            #expect(distance(read.pixel(196, 94), Self.white) == 0)
            #expect(distance(read.pixel(174, 86), Self.white) == 0)
        }

        @Test("a watermark is fitted into its share")
        func scalesWatermark() throws {
            let read = try Self.drawn([Self.plain(Self.green, 20, 10)]) {
                $0.watermark = Watermark(opacity: 1, scale: 0.5, source: Self.mark)
            }
            #expect(Self.isMark(read.pixel(52, 27)) && Self.isMark(read.pixel(147, 72)))
            #expect(distance(read.pixel(47, 50), Self.white) == 0)
        }

        @Test("replicated watermarks cover everything, in rows or staggered", arguments: [false, true])
        func replicates(_ isChessboard: Bool) throws {
            let read = try Self.drawn([Self.plain(Self.green, 20, 10)]) {
                $0.watermark = Watermark(
                    opacity: 1,
                    position: isChessboard ? .chessboard(x: 20, y: 10) : .replicated(x: 20, y: 10),
                    source: Self.mark
                )
            }
            // One mark in the middle, the next to the right after one width of space.
            #expect(Self.isMark(read.pixel(100, 50)))
            #expect(Self.isMark(read.pixel(140, 50)) && Self.isMark(read.pixel(20, 50)))
            #expect(!Self.isMark(read.pixel(120, 50)))
            #expect(Self.isMark(read.pixel(100, 70)) != isChessboard)
            #expect(Self.isMark(read.pixel(120, 70)) == isChessboard)
        }

        @Test("a spacing of any size is harmless", arguments: [0.0, 0.25, 1e300, -5, .infinity, .nan])
        func survivesSpacing(_ spacing: Double) throws {
            let read = try Self.drawn([Self.plain(Self.green, 20, 10)]) {
                $0.watermark = Watermark(
                    opacity: 1,
                    position: .replicated(x: spacing, y: spacing),
                    source: Self.mark
                )
            }
            #expect(Self.isMark(read.pixel(100, 50)))
        }

        @Test("a watermark that nobody named is not drawn")
        func leavesOutUnnamedWatermark() throws {
            let read = try Self.drawn { $0.watermark = Watermark(opacity: 1) }
            #expect(distance(read.mean(x: 0.5, y: 0.5), Self.white) == 0)
        }

        @Test("layers are drawn in order, over the watermark")
        func ordersLayers() throws {
            let blue = Color(red: 20, green: 30, blue: 220)
            let layers = [
                try Self.plain(Color(red: 0, green: 0, blue: 0), 100, 80), try Self.plain(blue, 60, 60),
                try Self.plain(Self.green, 20, 20),
            ]
            let read = try Self.drawn(layers) {
                $0.watermark = Watermark(opacity: 1, source: Self.mark)
                $0.layers = [Layer(content: .picture(Self.mark)), Layer(content: .picture(Self.mark))]
            }
            #expect(Self.isMark(read.pixel(100, 50)))
            #expect(distance(read.pixel(80, 50), blue) <= 1)
            #expect(distance(read.pixel(55, 50), Color(red: 0, green: 0, blue: 0)) <= 1)
        }

        @Test("a layer is turned clockwise about its middle")
        func rotatesLayer() throws {
            let layer = try Samples.still(.png, PixelSize(width: 40, height: 20))
            let read = try Self.drawn([layer]) {
                $0.layers = [Layer(content: .picture(Self.mark), rotation: 90)]
            }
            // What was at the left is at the top.
            #expect(distance(read.pixel(105, 40), Samples.quadrants[0]) <= 3)
            #expect(distance(read.pixel(95, 40), Samples.quadrants[2]) <= 3)
            #expect(distance(read.pixel(80, 50), Self.white) <= 3)
        }

        @Test("text is drawn in its colour; markup is only text")
        func drawsText() throws {
            func ink(_ text: String) throws -> Int {
                let text = Layer.Text(string: text, size: 20, color: Self.green)
                let read = try Self.drawn { $0.layers = [Layer(content: .text(text))] }
                return (0..<20_000).count { index in Self.isMark(read.pixel(index % 200, index / 200)) }
            }
            #expect(try ink("Hello") > 100)
            #expect(try ink("  \n ") == 0)
            // Read as markup this would be as long as "Hello", or refused.
            #expect(try ink("<b>Hello</b>") > ink("Hello") * 3 / 2)
            #expect(try ink("a & b <i>") > 50)
        }

        @Test("text wraps at its width and is larger with the pixel ratio")
        func wrapsText() throws {
            func box(_ width: Int, _ ratio: Double) throws -> (width: Int, height: Int) {
                let text = Layer.Text(string: "one two three four", size: 12, color: Self.green, wrapWidth: width)
                let source = try Self.plain(Self.white, 600, 300)
                let bytes = try render(source, as: .format(.png)) {
                    $0.layers = [Layer(content: .text(text))]
                    $0.width = Int(600 / ratio)
                    $0.devicePixelRatio = ratio
                }.bytes
                let read = try ReadPicture(bytes)
                #expect(read.size == PixelSize(width: 600, height: 300))
                let inked = (0..<180_000).filter { distance(read.pixel($0 % 600, $0 / 600), Self.white) > 60 }
                let (columns, rows) = (inked.map { $0 % 600 }, inked.map { $0 / 600 })
                return try (
                    #require(columns.max()) - #require(columns.min()), #require(rows.max()) - #require(rows.min())
                )
            }
            let (free, wrapped, doubled) = try (box(0, 1), box(50, 1), box(0, 2))
            #expect(wrapped.width <= 50 && wrapped.height > free.height * 2)
            #expect(abs(doubled.width - 2 * free.width) <= 6)
        }

        @Test("a text that would take too much memory is refused")
        func refusesHugeText() throws {
            for text in [Layer.Text(string: "x", size: 1e9), Layer.Text(string: String(repeating: "x", count: 2_001))] {
                let problem = failure {
                    try render(Samples.still(.png), as: .format(.png)) { $0.layers = [Layer(content: .text(text))] }
                }
                #expect(problem?.code == .limitExceeded)
            }
        }

        @Test("a damaged layer fails the job as damaged")
        func refusesDamagedLayer() throws {
            let problem = failure {
                try render(Samples.still(.png), layers: [Array("no picture".utf8)], as: .format(.png)) {
                    $0.layers = [Layer(content: .picture(Self.mark))]
                }
            }
            #expect(problem?.code == .unsupportedSource)
        }
    }
}
