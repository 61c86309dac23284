import DeliveryTypes
import Originals

/// A rendition ready to be sent to a worker, sources aside.
struct PreparedJob: Sendable {
    var transformation: Transformation
    var target: RenditionTarget
    var limits: RenderLimits

    var fetchLimits: FetchLimits { FetchLimits(bytesMax: limits.sourceBytesMax) }
}

extension RenderLimits {
    /// The server's limits, tightened where a URL asks for it.
    func narrowed(by transformation: Transformation) -> RenderLimits {
        var limits = self
        func pixels(_ megapixels: Double) -> Int { Int((megapixels * 1_000_000).rounded()) }
        if let value = transformation.maximumSourceResolution {
            limits.sourcePixelsMax = min(limits.sourcePixelsMax, pixels(value))
        }
        if let value = transformation.maximumSourceBytes { limits.sourceBytesMax = min(limits.sourceBytesMax, value) }
        if let value = transformation.maximumAnimationFrames { limits.framesMax = min(limits.framesMax, value) }
        if let value = transformation.maximumAnimationFrameResolution {
            limits.framePixelsMax = min(limits.framePixelsMax, pixels(value))
        }
        if let value = transformation.maximumResultDimension { limits.resultSideMax = min(limits.resultSideMax, value) }
        return limits
    }
}
