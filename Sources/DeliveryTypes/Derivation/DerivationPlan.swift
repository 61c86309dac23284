/// How a rendition is made from a cached one.
package struct DerivationPlan: Hashable, Sendable {
    /// To be applied to the *parent's* bytes: what the parent has been through already is left out.
    package var transformation: Transformation
    package var target: RenditionTarget
    /// Format of the result, that of the direct render; `nil` when the parent is the original.
    package var format: ImageFormat?
    /// Size of the result in pixels, that of the direct render; `nil` when the format is.
    package var size: PixelSize?

    package init(
        transformation: Transformation,
        target: RenditionTarget,
        format: ImageFormat? = nil,
        size: PixelSize? = nil
    ) {
        self.transformation = transformation
        self.target = target
        self.format = format
        self.size = size
    }

    /// Whether the parent is the original's own bytes, so that the result is that of a direct render.
    package var isDirect: Bool { size == nil }

    /// The work for a render worker, whose only source is the parent.
    ///
    /// Limits and defaults must be those with which the plan was made.
    package func job(limits: RenderLimits, defaults: RenderDefaults) -> RenderJob {
        var defaults = defaults
        // The parent was shrunk once already, and is small enough to be decoded whole.
        if !isDirect { defaults.shrinksOnLoad = false }
        return RenderJob(task: .rendition(transformation, target), limits: limits, defaults: defaults)
    }

    /// Whether a worker's answer is what was foretold; anything else must not be stored under the child's key.
    package func accepts(_ head: RenderResult.Head) -> Bool {
        guard let format, let size else { return head.format != nil && head.size != nil }
        return head.format == format && head.size == size && head.frames == 1
    }
}
