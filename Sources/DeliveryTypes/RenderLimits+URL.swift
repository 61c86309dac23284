extension RenderLimits {
    /// These limits, with those of a URL where they are tighter.
    package func tightened(by transformation: Transformation) -> RenderLimits {
        var limits = self
        if let megapixels = transformation.maximumSourceResolution, megapixels > 0 {
            limits.sourcePixelsMax = Self.pixels(megapixels, atMost: sourcePixelsMax)
        }
        if let bytes = transformation.maximumSourceBytes, bytes > 0 {
            limits.sourceBytesMax = min(bytes, sourceBytesMax)
        }
        if let frames = transformation.maximumAnimationFrames, frames > 0 {
            limits.framesMax = min(frames, framesMax)
        }
        if let megapixels = transformation.maximumAnimationFrameResolution, megapixels > 0 {
            limits.framePixelsMax = Self.pixels(megapixels, atMost: framePixelsMax)
        }
        if let side = transformation.maximumResultDimension, side > 0 {
            limits.resultSideMax = min(side, resultSideMax)
        }
        return limits
    }

    private static func pixels(_ megapixels: Double, atMost bound: Int) -> Int {
        megapixels * 1_000_000 < Double(bound) ? Int(megapixels * 1_000_000) : bound
    }
}
