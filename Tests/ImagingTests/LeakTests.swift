import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct LeakTests {
        @Test("hundreds of jobs leave no object and no pixel of libvips", arguments: ImageFormat.allCases)
        func leavesNothing(_ format: ImageFormat) throws {
            let source = try Samples.still(format)
            let mark = try Samples.still(.png, PixelSize(width: 8, height: 8), alpha: true)
            func job(_ target: ImageFormat) throws {
                _ = try render(source, layers: [mark], as: .format(target)) {
                    $0.resizing = .fill
                    $0.width = 24
                    $0.height = 24
                    $0.gravity = Gravity(.smart)
                    $0.rotation = 90
                    $0.blur = 1
                    $0.padding = Transformation.Padding(top: 2)
                    $0.watermark = Watermark(opacity: 0.5, source: .local("mark"))
                    $0.layers = [Layer(content: .text(Layer.Text(string: "x", size: 9)), rotation: 10)]
                }
            }
            try job(.jpeg)
            let before = Measure.liveObjects
            for round in 0..<20 { try job(round % 2 == 0 ? .jpeg : .webp) }
            #expect(Measure.liveObjects == before)
            #expect(Measure.heldBytes == 0)
        }

        @Test("animations leave nothing either")
        func animationsLeaveNothing() throws {
            let source = try Samples.animation(.gif)
            _ = try render(source, as: .format(.webp))
            let before = Measure.liveObjects
            for _ in 0..<20 { _ = try render(source, as: .format(.gif)) { $0.width = 20 } }
            #expect(Measure.liveObjects == before)
            #expect(Measure.heldBytes == 0)
        }
    }
}
