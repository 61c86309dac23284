import DeliveryTypes
import Testing

@testable import Rendering

@Suite struct JobTextsTests {
    private func resize(width: Int) -> RenderJob {
        var transformation = Transformation()
        transformation.width = width
        return RenderJob(task: .rendition(transformation, .negotiated([.avif, .jpeg])))
    }

    @Test("a job comes back from its text, known or not")
    func roundTrip() throws {
        var texts = JobTexts()
        let job = resize(width: 10)
        let text = try texts.write(job)
        #expect(try texts.read(text) == job)
        texts.keep(text, for: job)
        texts.keep(job, for: text)
        #expect(try texts.write(job) == text)
        #expect(try texts.read(text) == job)
    }

    @Test("every kind of job comes back", arguments: JobTextsTests.kinds)
    func everyKind(task: RenderJob.Task) throws {
        let texts = JobTexts()
        let job = RenderJob(task: task)
        #expect(try texts.read(texts.write(job)) == job)
    }

    private static var kinds: [RenderJob.Task] {
        var full = Transformation()
        full.crop = .init(width: 0.5, height: 20, gravity: Gravity(.focusPoint, x: 0.1, y: 0.2))
        full.watermark = Watermark(opacity: 0.5, position: .chessboard(x: 3, y: 4), source: .local("a b/ü.png"))
        full.layers = [
            Layer(content: .text(.init(string: "€ \u{0}\"\\", size: 3))),
            Layer(content: .picture(.object(bucket: "b", key: "k"))),
        ]
        full.formatQuality = [.avif: 40]
        full.skipProcessing = [.svg, .gif]
        var wishes = InformationRequest()
        wishes.blurHash = PixelSize(width: 4, height: 3)
        return [.inspect, .information(wishes), .rendition(full, .format(.jxl))]
    }

    @Test("what is kept is bounded, and forgetting changes nothing")
    func bounded() throws {
        var texts = JobTexts()
        for width in 0..<1_000 {
            let job = resize(width: width)
            let text = try texts.write(job)
            texts.keep(text, for: job)
            texts.keep(job, for: text)
            #expect(try texts.read(text) == job)
        }
        #expect(texts.count <= 2 * JobTexts.countMax)
    }

    @Test("a number that is not finite cannot be sent, and says so")
    func notFinite() async throws {
        try await FaultyPool.run { pool async throws in
            var transformation = Transformation()
            transformation.blur = .infinity
            let job = RenderJob(task: .rendition(transformation, .format(.png)))
            let error = await #expect(throws: RenderingError.self) { try await pool.run(job, sources: []) }
            guard case .failed(let failure) = error else {
                Issue.record("not refused but \(String(describing: error))")
                return
            }
            #expect(failure.code == .unsuitableTransformation)
        }
    }
}
