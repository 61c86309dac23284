import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct OrientationTests {
        /// Which stored quadrant is seen where, per EXIF orientation: top left, top right, bottom left, bottom right.
        static let seen = [
            1: [0, 1, 2, 3], 2: [1, 0, 3, 2], 3: [3, 2, 1, 0], 4: [2, 3, 0, 1],
            5: [0, 2, 1, 3], 6: [2, 0, 3, 1], 7: [3, 1, 2, 0], 8: [1, 3, 0, 2],
        ]

        private static func source(_ orientation: Int) throws -> [UInt8] {
            try ExifBlock(orientation: orientation).inserted(into: Samples.still(.jpeg))
        }

        private static func expected(_ orientation: Int) throws -> [Color] {
            try #require(seen[orientation]).map { Samples.quadrants[$0] }
        }

        @Test("a picture is turned upright", arguments: 1...8)
        func turnsUpright(_ orientation: Int) throws {
            let result = try render(Self.source(orientation), as: .format(.png)) { $0.width = 40 }
            let read = try ReadPicture(result.bytes)
            let wanted =
                orientation >= 5 ? PixelSize(width: 40, height: 60) : PixelSize(width: 40, height: 27)
            #expect(read.size == wanted)
            #expect(result.head.source.orientation == orientation)
            #expect(result.head.source.size == Samples.size)
            #expect(distance(read.quadrants, try Self.expected(orientation)) <= 10)
        }

        @Test("cutting counts in the picture as it is seen", arguments: 1...8)
        func cutsAsSeen(_ orientation: Int) throws {
            let result = try render(Self.source(orientation), as: .format(.png)) {
                $0.crop = Transformation.Crop(width: 20, height: 20, gravity: Gravity(.northWest))
            }
            let read = try ReadPicture(result.bytes)
            #expect(read.size == PixelSize(width: 20, height: 20))
            #expect(distance(read.mean(x: 0.5, y: 0.5), try Self.expected(orientation)[0]) <= 10)
        }

        @Test("orientation is left alone on demand")
        func staysAsStored() throws {
            let result = try render(Self.source(6), as: .format(.png)) { $0.autoRotate = false }
            let read = try ReadPicture(result.bytes)
            #expect(read.size == Samples.size)
            #expect(distance(read.quadrants, Samples.quadrants) <= 10)
        }

        @Test("kept metadata does not turn an upright picture again")
        func keepsNoOrientation() throws {
            let result = try render(Self.source(6), as: .format(.jpeg)) { $0.stripMetadata = false }
            let read = try ReadPicture(result.bytes)
            #expect(read.facts.orientation == 1)
            #expect(read.size == Samples.size.transposed)
        }

        @Test("rotation and flips follow orientation")
        func rotatesAfterwards() throws {
            let result = try render(Self.source(6), as: .format(.png)) {
                $0.rotation = 270
                $0.flipHorizontal = true
            }
            let read = try ReadPicture(result.bytes)
            #expect(read.size == Samples.size)
            #expect(distance(read.quadrants, [1, 0, 3, 2].map { Samples.quadrants[$0] }) <= 10)
        }
    }
}
