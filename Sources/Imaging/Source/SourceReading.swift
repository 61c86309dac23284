import DeliveryTypes

/// Turns a source into the pixels that a rendition starts from, with as little decoding as the rendition allows.
struct SourceReading {
    let source: SourcePicture
    let transformation: Transformation
    let format: ImageFormat
    let limits: RenderLimits
    /// Whether decoders of raster formats may shrink.
    var shrinksOnLoad = true

    /// What one frame starts from, and the geometry that fits it.
    struct Start: ~Copyable {
        /// The frames stacked; a still picture is one frame.
        var raster: Raster
        var plan: RenderPlan
        /// The raster's size before its decoder rounded it; `nil` where it did not.
        var trueSize: Raster.ExactSize?
        /// `nil` for a still picture.
        var animation: Animation?

        init(
            _ raster: consuming Raster,
            _ plan: RenderPlan,
            trueSize: Raster.ExactSize? = nil,
            animation: Animation? = nil
        ) {
            self.raster = raster
            self.plan = plan
            self.trueSize = trueSize
            self.animation = animation
        }
    }

    /// A still picture: shrunk while it is decoded, or trimmed (which needs all of its pixels).
    func still() throws(RenderFailure) -> Start {
        var loading = Raster.Loading()
        loading.page = try page()
        if let trim = transformation.trim { return try trimmed(trim, loading) }
        var size = source.facts.size
        if transformation.enforceThumbnail, source.facts.format == .heic || source.facts.format == .avif {
            loading.thumbnail = true
            let raster = try source.raster(loading)
            size = raster.size
            return Start(raster, plan(for: size))
        }
        if loading.page > 0 {
            // Pages of one file may differ in size.
            let raster = try source.raster(loading)
            size = raster.size
            try check(size)
            return Start(raster, plan(for: size))
        }
        let plan = plan(for: size)
        switch source.facts.format {
        case .jpeg where shrinksOnLoad: loading.shrink = plan.jpegShrink
        case .webp where shrinksOnLoad && plan.loadShrink > 1: loading.scale = 1 / plan.loadShrink
        case .svg: loading.scale = plan.vectorScale
        default: break
        }
        let shrink = Double(loading.shrink)
        let trueSize = Raster.ExactSize(width: Double(size.width) / shrink, height: Double(size.height) / shrink)
        return Start(try source.raster(loading), plan, trueSize: loading.shrink > 1 ? trueSize : nil)
    }

    /// All wanted frames stacked, with the geometry of one of them.
    func frames() throws(RenderFailure) -> Start {
        var loading = Raster.Loading()
        loading.page = try page()
        let available = source.pages - loading.page
        let wanted = transformation.pageCount > 0 ? min(transformation.pageCount, available) : available
        loading.pages = min(wanted, limits.framesMax)
        // Some decoders hold all frames at once.
        let (read, isTooLarge) = source.facts.size.area.multipliedReportingOverflow(by: loading.pages)
        guard !isTooLarge, read <= limits.animationPixelsMax else {
            throw RenderFailure(
                .limitExceeded,
                "The frames of the animation have more than \(limits.animationPixelsMax) pixels together."
            )
        }
        let raster = try source.raster(loading)
        let plan = plan(for: source.facts.size)
        let (total, overflow) = plan.resultSize.area.multipliedReportingOverflow(by: loading.pages)
        guard !overflow, total <= limits.sourcePixelsMax else {
            throw RenderFailure(
                .limitExceeded,
                "\(loading.pages) frames of \(plan.resultSize.width) × \(plan.resultSize.height) pixels are more than "
                    + "the limit of \(limits.sourcePixelsMax) pixels."
            )
        }
        let animation = raster.animation(frames: loading.pages)
        return Start(raster, plan, animation: animation)
    }

    private func plan(for size: PixelSize) -> RenderPlan {
        let facts = source.facts
        let source = RenderPlan.Source(size: size, orientation: facts.orientation, isVector: facts.format == .svg)
        return RenderPlan(transformation, source: source, format: format, limits: limits)
    }

    private func page() throws(RenderFailure) -> Int {
        let page = max(0, transformation.page)
        guard page < source.pages else {
            throw RenderFailure(
                .unsuitableTransformation,
                "Page \(page) was asked for, but the picture has \(source.pages), counted from 0."
            )
        }
        return page
    }

    private func check(_ size: PixelSize) throws(RenderFailure) {
        guard size.area <= limits.sourcePixelsMax else {
            throw RenderFailure(
                .limitExceeded,
                "The page has \(size.width) × \(size.height) pixels, more than the limit of \(limits.sourcePixelsMax)."
            )
        }
    }

    private func trimmed(
        _ trim: Transformation.Trim,
        _ loading: Raster.Loading
    ) throws(RenderFailure) -> Start {
        var loading = loading
        let isVector = source.facts.format == .svg
        if isVector { loading.scale = plan(for: source.facts.size).vectorScale }
        let loaded = try source.raster(loading)
        try check(loaded.size)
        let whole = try loaded.materialized()
        let box = try whole.trimBox(threshold: trim.threshold, color: trim.color)
        var facts = source.facts
        facts.size = whole.size
        guard let box else { return Start(whole, rasterPlan(facts)) }
        let balanced = trim.balanced(box, in: whole.size)
        facts.size = balanced.size
        return Start(try whole.extracted(balanced), rasterPlan(facts))
    }

    /// The geometry of pixels that exist already, a drawing's too.
    private func rasterPlan(_ facts: PictureFacts) -> RenderPlan {
        let source = RenderPlan.Source(size: facts.size, orientation: facts.orientation)
        return RenderPlan(transformation, source: source, format: format, limits: limits)
    }
}
