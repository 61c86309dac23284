import DeliveryTypes
import FoundationEssentials

/// Jobs as the text that travels to the workers, kept for the next time: a site asks for a few transformations over and
/// over, and writing or reading one as JSON takes longer than everything else on the way.
struct JobTexts: Sendable {
    /// Jobs that are kept; when there are more, all are forgotten.
    static let countMax = 128
    /// Longer texts (many layers) are not kept, bytes.
    static let lengthMax = 8 << 10

    private var texts: [RenderJob: [UInt8]] = [:]
    private var jobs: [[UInt8]: RenderJob] = [:]

    /// Everything that is kept.
    var count: Int { texts.count + jobs.count }

    /// - Throws: for numbers that are not finite.
    func write(_ job: RenderJob) throws -> [UInt8] {
        if let text = texts[job] { return text }
        return Array(try JSONEncoder().encode(job))
    }

    /// - Throws: for what is not the text of a job.
    func read(_ text: [UInt8]) throws -> RenderJob {
        if let job = jobs[text] { return job }
        return try JSONDecoder().decode(RenderJob.self, from: Data(text))
    }

    /// For the side that writes.
    mutating func keep(_ text: [UInt8], for job: RenderJob) {
        guard texts[job] == nil, text.count <= Self.lengthMax else { return }
        if texts.count >= Self.countMax { texts.removeAll(keepingCapacity: true) }
        texts[job] = text
    }

    /// For the side that reads.
    mutating func keep(_ job: RenderJob, for text: [UInt8]) {
        guard jobs[text] == nil, text.count <= Self.lengthMax else { return }
        if jobs.count >= Self.countMax { jobs.removeAll(keepingCapacity: true) }
        jobs[text] = job
    }
}
