import DeliveryTypes

/// Makes the pixels of one rendition: reads the source, runs the steps on every frame, draws the overlays.
struct RenditionMaker {
    let source: SourcePicture
    let transformation: Transformation
    let format: ImageFormat
    let limits: RenderLimits
    let keepsProfile: Bool
    var shrinksOnLoad = true
    /// One for each of the transformation's `layerSources`.
    let layerSources: [SourceBytes]

    /// Whether the rendition will have several frames.
    var isAnimated: Bool {
        source.isAnimated && format.keepsFrames && !transformation.disableAnimation && transformation.pageCount != 1
            && limits.framesMax > 1 && transformation.page < source.pages - 1
    }

    /// The finished pixels, still lazy where nothing asked for them; several frames are stacked.
    func made() throws(RenderFailure) -> Raster {
        let reading = SourceReading(
            source: source,
            transformation: transformation,
            format: format,
            limits: limits,
            shrinksOnLoad: shrinksOnLoad
        )
        return isAnimated ? try animation(reading) : try still(reading)
    }

    private func still(_ reading: SourceReading) throws(RenderFailure) -> Raster {
        let start = try reading.still()
        let plan = start.plan
        let trueSize = start.trueSize
        let picture = try steps(plan).applied(to: start.raster.forgettingPages(), trueSize: trueSize)
        return try drawn(overlays(plan), on: picture)
    }

    /// Frames are finished one after another, so that only their results are held.
    private func animation(_ reading: SourceReading) throws(RenderFailure) -> Raster {
        let start = try reading.frames()
        let plan = start.plan
        let animation = start.animation ?? Animation(delays: [0], loop: 0)
        let steps = steps(plan)
        let overlays = try overlays(plan)
        let size = source.facts.size
        let frames = FrameStack()
        for index in animation.delays.indices {
            let area = PixelRectangle(origin: PixelPoint(x: 0, y: index * size.height), size: size)
            let frame = try steps.applied(to: start.raster.extracted(area).forgettingPages())
            let finished = try drawn(overlays, on: frame)
            try frames.append(finished.materialized())
        }
        return try frames.joined(animation)
    }

    private func steps(_ plan: RenderPlan) -> FrameSteps {
        FrameSteps(
            transformation: transformation,
            plan: plan,
            ground: Ground(transformation, format: format),
            keepsProfile: keepsProfile
        )
    }

    private func overlays(_ plan: RenderPlan) throws(RenderFailure) -> [PreparedOverlay] {
        guard transformation.watermark != nil || !transformation.layers.isEmpty else { return [] }
        return try Composition(
            transformation: transformation,
            sources: layerSources,
            limits: limits,
            canvas: plan.resultSize,
            devicePixelRatio: plan.devicePixelRatio
        ).overlays()
    }

    private func drawn(
        _ overlays: [PreparedOverlay],
        on picture: consuming Raster
    ) throws(RenderFailure) -> Raster {
        guard !overlays.isEmpty else { return picture }
        var picture = try picture.inColor()
        for overlay in overlays {
            picture = try picture.composed(with: overlay.raster, at: overlay.position, opacity: overlay.opacity)
        }
        return picture
    }
}
