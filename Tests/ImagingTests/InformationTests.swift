import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct InformationTests {
        @Test("the header is read without pixels", arguments: ImageFormat.allCases)
        func inspects(_ format: ImageFormat) throws {
            let bytes = try Samples.still(format)
            let facts = try perform(RenderJob(task: .inspect), [bytes]).head.source
            #expect(facts.format == format)
            #expect(facts.size == Samples.size)
            #expect(facts.frames == 1)
            #expect(facts.bytes == bytes.count)
            // The GIF writer always keeps a transparent place in its palette.
            #expect(facts.hasAlpha == (format == .svg || format == .gif))
        }

        @Test("frames and orientation are told")
        func tellsFrames() throws {
            let moving = try perform(RenderJob(task: .inspect), [Samples.animation(.webp, frames: 7)])
            #expect(moving.head.source.frames == 7)
            let turned = ExifBlock(orientation: 8).inserted(into: try Samples.still(.jpeg))
            #expect(try perform(RenderJob(task: .inspect), [turned]).head.source.orientation == 8)
        }

        @Test("placeholders and the dominant colour are made", arguments: [ImageFormat.jpeg, .png, .svg, .bmp])
        func informs(_ format: ImageFormat) throws {
            var request = InformationRequest()
            request.blurHash = PixelSize(width: 4, height: 3)
            request.thumbHash = true
            request.dominantColor = true
            let large = try Samples.still(format, PixelSize(width: 960, height: 640))
            let head = try perform(RenderJob(task: .information(request)), [large]).head
            // One character for the waves, one for the range, four for the mean, two for each of eleven further waves.
            #expect(head.blurHash?.count == 28)
            #expect(head.thumbHash.map { $0.count >= 24 && $0.count % 4 == 0 } == true)
            let dominant = try #require(head.dominantColor)
            let pixel = [dominant.red, dominant.green, dominant.blue].map(Int.init)
            #expect(Samples.quadrants.contains { distance(pixel, $0) <= 12 })
        }

        @Test("nothing is computed that was not asked for")
        func informsOfHeader() throws {
            let head = try perform(RenderJob(task: .information(InformationRequest())), [Samples.still(.png)]).head
            #expect(head.blurHash == nil && head.thumbHash == nil && head.dominantColor == nil)
        }

        @Test("base64 follows RFC 4648")
        func writesBase64() {
            let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foobar": "Zm9vYmFy"]
            for (plain, encoded) in vectors { #expect(Base64.text(of: Array(plain.utf8)) == encoded) }
        }
    }
}
