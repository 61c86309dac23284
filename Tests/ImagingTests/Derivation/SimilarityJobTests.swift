import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct SimilarityJobTests {
        private static func similarity(_ sources: [[UInt8]]) throws -> RenderResult {
            try perform(RenderJob(task: .similarity), sources)
        }

        @Test("two pictures are compared across formats")
        func compares() throws {
            let png = try Samples.still(.png)
            let same = try Self.similarity([png, png])
            #expect(same.head.similarity == 1)
            #expect(same.head.source.size == Samples.size)
            #expect(same.bytes.isEmpty && same.head.format == nil)
            let near = try Self.similarity([png, Samples.still(.webp)]).head.similarity ?? 0
            #expect(near > 0.9 && near < 1)
            let flipped = try render(png, as: .format(.png)) { $0.rotation = 180 }.bytes
            let far = try Self.similarity([png, flipped]).head.similarity ?? 1
            #expect(far < near)
        }

        @Test("orientation is followed")
        func turns() throws {
            let upright = try render(Samples.still(.png), as: .format(.jpeg)) { $0.quality = 95 }.bytes
            let turned = try render(Samples.still(.png), as: .format(.jpeg)) {
                $0.quality = 95
                $0.rotation = 90
            }.bytes
            // Orientation 8 turns a quarter back.
            let tagged = ExifBlock(orientation: 8).inserted(into: turned)
            #expect(try Self.similarity([upright, tagged]).head.similarity ?? 0 > 0.95)
        }

        @Test("pictures of different sizes, too few or too many are refused")
        func refuses() throws {
            let png = try Samples.still(.png)
            let small = try Samples.still(.png, PixelSize(width: 64, height: 96))
            #expect(failure { try Self.similarity([png, small]) }?.code == .unsuitableTransformation)
            #expect(failure { try Self.similarity([png]) }?.code == .workerFault)
            #expect(failure { try Self.similarity([png, png, png]) }?.code == .workerFault)
            #expect(failure { try Self.similarity([png, [1, 2, 3]]) }?.code == .unsupportedSource)
        }
    }
}
