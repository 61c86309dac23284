import DeliveryTypes
import Testing

@testable import Imaging

/// Everything that runs libvips: one job at a time in a process, as in a worker.
@Suite(.serialized) enum EngineSuite {
    /// Starts libvips once.
    static let start = Result { try ImagingEngine.start() }
}

/// Carries out a rendition of `source`.
func render(
    _ source: [UInt8],
    layers: [[UInt8]] = [],
    as target: RenditionTarget,
    limits: RenderLimits = RenderLimits(),
    defaults: RenderDefaults = RenderDefaults(),
    _ edit: (inout Transformation) -> Void = { _ in }
) throws -> RenderResult {
    var transformation = Transformation()
    edit(&transformation)
    let job = RenderJob(task: .rendition(transformation, target), limits: limits, defaults: defaults)
    return try perform(job, [source] + layers)
}

/// Carries out a job on copies of the sources that end where the sources end.
func perform(_ job: RenderJob, _ sources: [[UInt8]]) throws -> RenderResult {
    try EngineSuite.start.get()
    // SAFETY: every copy has room for exactly the bytes of its source.
    let copies = unsafe sources.map { source in
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
        unsafe copy.copyBytes(from: source)
        return UnsafeRawBufferPointer(copy)
    }
    defer {
        // SAFETY: allocated above, and the job is over.
        for index in unsafe copies.indices { unsafe copies[index].deallocate() }
    }
    // SAFETY: the copies stay in place until the call returns.
    return try unsafe ImagingEngine.perform(job, sources: copies)
}

/// The failure of a job that must fail.
func failure(_ body: () throws -> RenderResult) -> RenderFailure? {
    do {
        let result = try body()
        Issue.record("the job made \(result.bytes.count) bytes")
        return nil
    } catch let failure as RenderFailure {
        return failure
    } catch {
        Issue.record("the job threw \(error)")
        return nil
    }
}
