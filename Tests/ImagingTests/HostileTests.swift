import DeliveryTypes
import Testing

@testable import Imaging

extension EngineSuite {
    @Suite struct HostileTests {
        static let readable: [ImageFormat] = ImageFormat.allCases.filter { $0 != .svg }

        private static func outcome(
            _ source: [UInt8],
            _ edit: (inout Transformation) -> Void = { _ in }
        )
            -> Result<RenderResult, RenderFailure>
        {
            do throws(any Error) {
                return .success(
                    try render(source, as: .format(.jpeg)) {
                        $0.width = 64
                        edit(&$0)
                    }
                )
            } catch {
                return .failure(error as? RenderFailure ?? RenderFailure(.workerFault, "\(error)"))
            }
        }

        private static func code(
            _ source: [UInt8],
            _ edit: (inout Transformation) -> Void = { _ in }
        )
            -> RenderFailure.Code?
        {
            switch outcome(source, edit) {
            case .success: nil
            case .failure(let failure): failure.code
            }
        }

        @Test("a picture that ends early is refused as damaged", arguments: readable, [0.3, 0.6, 0.9])
        func refusesTruncated(_ format: ImageFormat, _ share: Double) throws {
            let whole = try Samples.still(format, PixelSize(width: 320, height: 240))
            let part = Array(whole.prefix(Int(Double(whole.count) * share)))
            #expect(Self.code(part) == .corruptSource)
        }

        @Test("an animation that ends early is refused as damaged", arguments: [ImageFormat.gif, .webp])
        func refusesTruncatedAnimation(_ format: ImageFormat) throws {
            let whole = try Samples.animation(format, frames: 8)
            let part = Array(whole.prefix(whole.count * 7 / 10))
            let problem = failure { try render(part, as: .format(.gif)) }
            #expect(problem?.code == .corruptSource)
        }

        @Test("every byte of a header may lie", arguments: readable)
        func survivesLies(_ format: ImageFormat) throws {
            let whole = try Samples.still(format, PixelSize(width: 40, height: 30))
            for place in 0..<min(whole.count, 120) {
                for value in [UInt8(0), 0x7F, 0xFF] {
                    var bytes = whole
                    bytes[place] = value
                    let code = Self.code(bytes)
                    #expect(code != .workerFault && code != .unsuitableTransformation, "\(format) \(place) \(value)")
                }
            }
        }

        @Test("junk behind a picture is ignored", arguments: [ImageFormat.jpeg, .png, .gif, .webp])
        func toleratesJunk(_ format: ImageFormat) throws {
            let junk = Array("PK\u{3}\u{4}<script>alert(1)</script>".utf8) + [UInt8](repeating: 0, count: 500)
            #expect(Self.code(try Samples.still(format) + junk) == nil)
        }

        @Test("dimensions are checked before pixels", arguments: HugeHeader.allCases)
        func refusesHugeHeaders(_ header: HugeHeader) throws {
            try EngineSuite.start.get()
            let code = Self.code(header.bytes)
            #expect(code == .limitExceeded || code == .corruptSource, "\(String(describing: code))")
            if header.isWellFormed { #expect(code == .limitExceeded) }
        }

        @Test("what is not a picture is refused", arguments: Stranger.allCases)
        func refusesStrangers(_ stranger: Stranger) {
            let code = Self.code(stranger.bytes)
            #expect(code == .unsupportedSource || code == .corruptSource, "\(String(describing: code))")
            if stranger.isForeign { #expect(code == .unsupportedSource) }
        }

        @Test("more frames than anyone would show are refused before they are listed")
        func refusesEndlessAnimations() throws {
            let frame: [UInt8] = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0]
            let head = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
            let endless = head + (0..<200_000).flatMap { _ in frame } + [0x3B]
            #expect(Self.code(endless) == .limitExceeded)
            let chunk = Array("ANMF".utf8) + Samples.little(16) + [UInt8](repeating: 0, count: 16)
            let chunks = (0..<100_000).flatMap { _ in chunk }
            let extended = Array("WEBPVP8X".utf8) + Samples.little(10) + [2, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            let webp = Array("RIFF".utf8) + Samples.little(extended.count + chunks.count) + extended + chunks
            #expect(Self.code(webp) == .limitExceeded)
        }

        @Test("bytes, pixels and frames are limited by the URL as well")
        func obeysURLLimits() throws {
            let source = try Samples.still(.png)
            #expect(Self.code(source) { $0.maximumSourceBytes = 50 } == .limitExceeded)
            #expect(Self.code(source) { $0.maximumSourceResolution = 0.001 } == .limitExceeded)
            let moving = try Samples.animation(.gif)
            #expect(Self.code(moving) { $0.maximumAnimationFrameResolution = 0.001 } == .limitExceeded)
            #expect(Self.code(source) { $0.maximumSourceResolution = 1_000 } == nil)
        }

        @Test("a page that is not there is refused")
        func refusesMissingPage() throws {
            #expect(Self.code(try Samples.still(.tiff)) { $0.page = 3 } == .unsuitableTransformation)
        }

        @Test("an SVG that asks for everything gets little", arguments: HostileDrawing.allCases)
        func survivesDrawings(_ drawing: HostileDrawing) throws {
            try EngineSuite.start.get()
            switch Self.outcome(drawing.bytes) {
            case .success(let result):
                #expect((result.head.size?.area ?? 0) <= 64 * 64 * 20)
            case .failure(let failure):
                #expect(failure.code != .workerFault && failure.code != .unsuitableTransformation, "\(failure)")
            }
        }

        @Test("faults leave nothing behind")
        func leavesNothing() throws {
            _ = Self.code(try Samples.still(.jpeg))
            let before = Measure.liveObjects
            for format in Self.readable {
                let whole = try Samples.still(format)
                for share in [0.2, 0.5, 0.8] { _ = Self.code(Array(whole.prefix(Int(Double(whole.count) * share)))) }
            }
            #expect(Measure.liveObjects == before)
            #expect(Measure.heldBytes == 0)
        }
    }
}
