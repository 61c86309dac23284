import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct PipelineTests {
        static let black = Color(red: 0, green: 0, blue: 0)
        static let white = Color(red: 255, green: 255, blue: 255)

        private static func png(
            _ source: [UInt8]? = nil,
            _ edit: (inout Transformation) -> Void
        ) throws -> ReadPicture {
            try ReadPicture(render(source ?? Samples.still(.png), as: .format(.png), edit).bytes)
        }

        @Test("filling cuts to the asked size around the gravity")
        func fills() throws {
            let read = try Self.png {
                $0.resizing = .fill
                $0.width = 20
                $0.height = 40
                $0.gravity = Gravity(.west)
            }
            #expect(read.size == PixelSize(width: 20, height: 40))
            #expect(distance(read.mean(x: 0.5, y: 0.25), Samples.quadrants[0]) <= 6)
            #expect(distance(read.mean(x: 0.5, y: 0.75), Samples.quadrants[2]) <= 6)
        }

        @Test("forcing ignores the ratio")
        func forces() throws {
            let read = try Self.png {
                $0.resizing = .force
                $0.width = 40
                $0.height = 50
            }
            #expect(read.size == PixelSize(width: 40, height: 50))
            #expect(distance(read.quadrants, Samples.quadrants) <= 6)
        }

        @Test("shrinking on load gives the same picture", arguments: [ImageFormat.jpeg, .webp, .png, .svg])
        func shrinksOnLoad(_ format: ImageFormat) throws {
            let large = try Samples.still(format, PixelSize(width: 1_600, height: 1_200))
            let read = try Self.png(large) { $0.width = 90 }
            #expect(read.size == PixelSize(width: 90, height: 68))
            #expect(distance(read.quadrants, Samples.quadrants) <= 8)
        }

        @Test("shrinking on load does not move the picture")
        func keepsPlaceWhenShrinking() throws {
            // 1,002 rows by 4 are 250.5, of which the decoder gives 250.
            let size = PixelSize(width: 1_000, height: 1_002)
            let pixels = [UInt8](repeating: 255, count: 3_000 * 900) + [UInt8](repeating: 0, count: 3_000 * 102)
            try EngineSuite.start.get()
            var encoding = Raster.Encoding(format: .jpeg)
            encoding.quality = 95
            let source = try Raster(pixels: pixels, size: size, bands: 3).encoded(encoding)
            let read = try Self.png(source) { $0.height = 167 }
            #expect(read.size.height == 167)
            // The edge lies between rows 149 and 150.
            #expect(abs(read.pixel(80, 149)[0] + read.pixel(80, 150)[0] - 255) <= 16)
        }

        @Test("cutting before shrinking on load keeps its place", arguments: [ImageFormat.jpeg, .webp, .svg])
        func cutsWhenShrinking(_ format: ImageFormat) throws {
            let large = try Samples.still(format, PixelSize(width: 1_600, height: 1_200))
            let read = try Self.png(large) {
                $0.crop = Transformation.Crop(width: 700, height: 500, gravity: Gravity(.southEast, x: 20, y: 20))
                $0.width = 70
            }
            #expect(read.size == PixelSize(width: 70, height: 50))
            #expect(distance(read.quadrants, Array(repeating: Samples.quadrants[3], count: 4)) <= 8)
        }

        @Test("a missing thumbnail is no fault", arguments: [ImageFormat.heic, .avif])
        func toleratesMissingThumbnail(_ format: ImageFormat) throws {
            let read = try Self.png(Samples.still(format)) {
                $0.enforceThumbnail = true
                $0.width = 48
            }
            #expect(read.size == PixelSize(width: 48, height: 32))
            #expect(distance(read.quadrants, Samples.quadrants) <= 10)
        }

        @Test("a drawing is sharp at any size")
        func drawsLarge() throws {
            let read = try Self.png(Samples.still(.svg)) { $0.width = 960 }
            #expect(read.size == PixelSize(width: 960, height: 640))
            #expect(distance(read.pixel(478, 100), Samples.quadrants[0]) == 0)
            #expect(distance(read.pixel(482, 100), Samples.quadrants[1]) == 0)
        }

        @Test("smart gravity finds what draws the eye")
        func cropsSmartly() throws {
            var pixels = [UInt8](repeating: 128, count: 400 * 100 * 3)
            for y in 30..<70 {
                for x in 320..<360 {
                    let start = (y * 400 + x) * 3
                    pixels[start..<(start + 3)] = [230, UInt8(x % 8 * 20), 30]
                }
            }
            try EngineSuite.start.get()
            let size = PixelSize(width: 400, height: 100)
            let source = try Raster(pixels: pixels, size: size, bands: 3).encoded(Raster.Encoding(format: .png))
            let read = try Self.png(source) {
                $0.resizing = .fill
                $0.width = 100
                $0.height = 100
                $0.gravity = Gravity(.smart)
            }
            #expect(read.size == PixelSize(width: 100, height: 100))
            let isInside = (0..<100).contains { x in read.pixel(x, 50)[0] > 200 }
            #expect(isInside)
        }

        @Test("a border of one colour is cut off", arguments: [false, true])
        func trims(_ isBalanced: Bool) throws {
            let source = try Samples.raster().laid(
                on: Canvas(size: PixelSize(width: 136, height: 104), position: PixelPoint(x: 10, y: 20)),
                color: Self.white
            ).encoded(Raster.Encoding(format: .png))
            let read = try Self.png(source) {
                $0.trim = Transformation.Trim(
                    threshold: 10,
                    equalHorizontal: isBalanced,
                    equalVertical: isBalanced
                )
            }
            #expect(read.size == (isBalanced ? PixelSize(width: 116, height: 64) : Samples.size))
        }

        @Test("a picture of one colour is not trimmed away")
        func keepsPlainPicture() throws {
            let pixels = [UInt8](repeating: 90, count: 30 * 20 * 3)
            try EngineSuite.start.get()
            let plain = try Raster(pixels: pixels, size: PixelSize(width: 30, height: 20), bands: 3)
            let read = try Self.png(plain.encoded(Raster.Encoding(format: .png))) {
                $0.trim = Transformation.Trim(threshold: 10)
            }
            #expect(read.size == PixelSize(width: 30, height: 20))
        }

        @Test("extending and padding add the background, or nothing visible")
        func extends() throws {
            for background in [nil, Self.black] {
                let read = try Self.png {
                    $0.width = 120
                    $0.height = 120
                    $0.extend = Gravity(.north)
                    $0.padding = Transformation.Padding(left: 40)
                    $0.background = background
                }
                #expect(read.size == PixelSize(width: 160, height: 120))
                let added = read.mean(x: 0.1, y: 0.9)
                #expect(distance(added, Self.black) == 0)
                #expect(added[3] == (background == nil ? 0 : 255))
                #expect(read.mean(x: 0.6, y: 0.1)[3] == 255)
            }
        }

        @Test("a half opaque background shows through")
        func paintsHalfOpaque() throws {
            let read = try Self.png(Samples.still(.png, alpha: true)) {
                $0.background = Self.black
                $0.backgroundAlpha = 0.5
            }
            #expect(abs(read.quadrants[3][3] - 128) <= 2)
            #expect(read.quadrants[0][3] == 255)
            let flat = try ReadPicture(
                render(Samples.still(.png, alpha: true), as: .format(.jpeg)) {
                    $0.background = Self.black
                    $0.backgroundAlpha = 0.5
                }.bytes
            )
            #expect(distance(flat.quadrants[3], Color(red: 127, green: 127, blue: 127)) <= 6)
        }

        @Test("a coloured background under a grey picture is coloured")
        func colorsGrey() throws {
            let red = Color(red: 220, green: 20, blue: 30)
            let read = try Self.png(Samples.fixture("grey.jpg")) {
                $0.padding = Transformation.Padding(top: 20)
                $0.background = red
            }
            #expect(distance(read.mean(x: 0.5, y: 0.1), red) <= 1)
        }

        @Test("blurring mixes, sharpening keeps, pixelating makes cells")
        func filters() throws {
            let blurred = try Self.png { $0.blur = 20 }
            #expect(distance(blurred.pixel(46, 4), Samples.quadrants[0]) > 30)
            let sharpened = try Self.png { $0.sharpen = 2 }
            #expect(distance(sharpened.quadrants, Samples.quadrants) <= 6)
            let pixelated = try Self.png { $0.pixelate = 96 }
            #expect(pixelated.pixel(0, 0) == pixelated.pixel(95, 63))
            #expect(pixelated.size == Samples.size)
        }

        @Test("transparent pixels do not bleed when shrinking")
        func doesNotBleed() throws {
            let read = try Self.png(Samples.still(.png, alpha: true)) { $0.width = 10 }
            // The visible quadrant beside the invisible (0-alpha) one keeps its colour up to the edge.
            let edge = read.pixel(4, 6)
            #expect(edge[3] > 200)
            #expect(distance(edge, Samples.quadrants[2]) <= 30)
        }

        @Test("a result is limited in size", arguments: [false, true])
        func limitsResult(_ byURL: Bool) throws {
            var limits = RenderLimits()
            if !byURL { limits.resultSideMax = 50 }
            let result = try render(Samples.still(.png), as: .format(.png), limits: limits) {
                $0.width = 500
                $0.enlarge = true
                if byURL { $0.maximumResultDimension = 50 }
            }
            #expect(result.head.size == PixelSize(width: 50, height: 33))
        }

        @Test("sizes come out exactly, whatever the factor")
        func resizesExactly() throws {
            let raster = try Samples.raster(PixelSize(width: 997, height: 641))
            for side in [1, 2, 3, 7, 31, 61, 100, 199, 249, 250, 331, 499, 500, 700, 996, 998, 1_300] {
                let size = PixelSize(width: side, height: max(1, side * 2 / 3))
                #expect(try raster.resized(to: size).materialized().size == size)
            }
        }
    }
}
