/// Decides whether a rendition can be made from a cached one of the same picture instead of from the original, and how.
///
/// Promises, each of them tested on pictures: the derived rendition has exactly the format and the size of the direct
/// one, shows the same part of the source to within `shiftMax` pixels, and is similar to it (SSIM) by at least
/// `similarityMin`. Where that is not certain, the answer is a refusal with its reason. A decision is a pure function
/// of its arguments; it costs some microseconds, most of them for the geometry of both renditions.
///
/// The rule behind all others: a derived rendition is the parent, resized and encoded. So whatever both have in common
/// is left out (cuts, turns, canvases), and whatever counts pixels of the result must be absent.
package struct Derivation: Hashable, Sendable {
    /// What the render workers are told, here and where the parent was made.
    package var limits: RenderLimits
    package var defaults: RenderDefaults

    package init(limits: RenderLimits = RenderLimits(), defaults: RenderDefaults = RenderDefaults()) {
        self.limits = limits
        self.defaults = defaults
    }

    /// How many times as large as the child the parent must be, on both axes.
    package static let ratioMin = 1.5
    /// By how many of the child's pixels the picture may be out of place.
    package static let shiftMax = 0.25
    /// The least structural similarity (SSIM) of a derived rendition to the direct one that the rules aim at.
    package static let similarityMin = 0.97

    /// Whether a cached rendition can be a parent or a child of any other; the rest need not be kept in mind.
    package func concerns(_ rendition: CachedRendition) -> Bool {
        guard !rendition.transformation.raw else { return true }
        guard let original = rendition.original, rendition.frames == 1 else { return false }
        guard Fidelity(rendition.format, quality: rendition.quality) != nil else { return false }
        do throws(DerivationRefusal) {
            try checkSource(original, for: rendition.transformation)
            try check(rendition.transformation, of: original)
            return true
        } catch {
            return false
        }
    }

    /// How to make `child` from `parent`.
    ///
    /// - Throws: the first reason found why it should be made from the original.
    package func plan(
        for child: WantedRendition,
        from parent: CachedRendition
    ) throws(DerivationRefusal) -> DerivationPlan {
        guard child.source == parent.source,
            child.transformation.cacheBuster == parent.transformation.cacheBuster
        else { throw .otherSource }
        guard !child.transformation.raw else { throw .untouched }
        if parent.transformation.raw { return try planFromOriginal(for: child) }
        guard let original = parent.original else { throw .unknownSource }
        try checkSource(original, for: child.transformation)
        try check(parent.transformation, of: original)
        try check(child.transformation, of: original)
        guard !child.transformation.searchesQuality else { throw .searchedQuality }

        let format = try format(of: child, original)
        try checkSizes(child.transformation, format, parent, original)
        try checkEncoding(child.transformation, format, parent)
        let isTransparent = try keepsTransparency(child.transformation, format, parent, original)
        let size = geometry(of: child.transformation, format, original).resultSize
        return plan(child.transformation, format, size, paintsGround: isTransparent)
    }

    // MARK: Making

    private func planFromOriginal(for child: WantedRendition) throws(DerivationRefusal) -> DerivationPlan {
        let transformation = child.transformation
        // Only the original is at hand, not the pictures that are drawn over it.
        guard transformation.watermark == nil, transformation.layerSources.isEmpty else { throw .overlaid }
        return DerivationPlan(transformation: transformation, target: child.target)
    }

    private func plan(
        _ child: Transformation,
        _ format: ImageFormat,
        _ size: PixelSize,
        paintsGround: Bool
    ) -> DerivationPlan {
        var applied = Transformation()
        applied.resizing = .force
        applied.width = size.width
        applied.height = size.height
        applied.autoRotate = false
        if paintsGround {
            applied.background = child.background
            applied.backgroundAlpha = child.backgroundAlpha
        }
        applied.format = format
        if format.hasQuality { applied.quality = child.quality(for: format, defaults: defaults) }
        applied.stripMetadata = true
        applied.keepCopyright = keepsRights(child)
        applied.stripColorProfile = true
        return DerivationPlan(transformation: applied, target: .format(format), format: format, size: size)
    }

    // MARK: Rules

    private func checkSource(
        _ original: PictureFacts,
        for child: Transformation
    ) throws(DerivationRefusal) {
        let limits = limits.tightened(by: child)
        guard original.frames == 1 else { throw .animated }
        guard original.format != .svg else { throw .vector }
        guard original.size.area <= limits.sourcePixelsMax, original.bytes <= limits.sourceBytesMax else {
            throw .limited
        }
    }

    /// What makes a transformation unfit for either part.
    private func check(_ transformation: Transformation, of original: PictureFacts) throws(DerivationRefusal) {
        guard !transformation.skipProcessing.contains(original.format) else { throw .untouched }
        guard transformation.page == 0 else { throw .page }
        let hasThumbnail = original.format == .heic || original.format == .avif
        guard !(transformation.enforceThumbnail && hasThumbnail) else { throw .thumbnail }
        guard transformation.trim == nil else { throw .trimmed }
        guard transformation.blur <= 0, transformation.sharpen <= 0, transformation.pixelate <= 1 else {
            throw .filtered
        }
        guard transformation.watermark == nil, transformation.layers.isEmpty else { throw .overlaid }
        guard transformation.stripMetadata ?? defaults.stripMetadata,
            transformation.stripColorProfile ?? defaults.stripColorProfile
        else { throw .metadata }
    }

    private func format(
        of child: WantedRendition,
        _ original: PictureFacts
    ) throws(DerivationRefusal) -> ImageFormat {
        let needs = FormatChoice.Needs(child.transformation, source: original, framesMax: limits.framesMax)
        do throws(RenderFailure) {
            return try FormatChoice.format(child.target, needs)
        } catch {
            throw .format
        }
    }

    private func geometry(
        of transformation: Transformation,
        _ format: ImageFormat,
        _ original: PictureFacts
    ) -> RenderPlan {
        let source = RenderPlan.Source(size: original.size, orientation: original.orientation)
        let limits = limits.tightened(by: transformation)
        return RenderPlan(transformation, source: source, format: format, limits: limits)
    }

    private func checkSizes(
        _ child: Transformation,
        _ format: ImageFormat,
        _ parent: CachedRendition,
        _ original: PictureFacts
    ) throws(DerivationRefusal) {
        let wanted = geometry(of: child, format, original)
        let made = geometry(of: parent.transformation, parent.format, original)
        guard made.resultSize == parent.size, parent.frames == 1 else { throw .inconsistent }
        guard parent.size.area <= limits.sourcePixelsMax else { throw .limited }
        guard Double(parent.size.width) >= Double(wanted.resultSize.width) * Self.ratioMin,
            Double(parent.size.height) >= Double(wanted.resultSize.height) * Self.ratioMin
        else { throw .tooSmall }
        guard let wantedView = SourceView(wanted, sourceFormat: original.format),
            let madeView = SourceView(made, sourceFormat: original.format)
        else { throw .smartCrop }
        guard wantedView.turn == madeView.turn, wantedView.shift(of: madeView) <= Self.shiftMax else {
            throw .otherView
        }
    }

    private func checkEncoding(
        _ child: Transformation,
        _ format: ImageFormat,
        _ parent: CachedRendition
    ) throws(DerivationRefusal) {
        guard let needed = Fidelity(format, quality: child.quality(for: format, defaults: defaults)),
            let given = Fidelity(parent.format, quality: parent.quality)
        else { throw .format }
        guard needed.isFine else { throw .coarse }
        guard given.suffices(for: needed) else { throw .poorParent }
        if keepsRights(child) {
            guard keepsRights(parent.transformation), Fidelity.carriesRights(parent.format) else { throw .lostRights }
        }
    }

    private func keepsRights(_ transformation: Transformation) -> Bool {
        transformation.keepCopyright ?? defaults.keepCopyright
    }

    /// - Returns: whether the parent is as transparent as if nothing had been painted under it, so that the child's
    ///   ground is still to be painted.
    private func keepsTransparency(
        _ child: Transformation,
        _ format: ImageFormat,
        _ parent: CachedRendition,
        _ original: PictureFacts
    ) throws(DerivationRefusal) -> Bool {
        // Elsewhere nothing shows what is under it.
        guard original.hasAlpha || child.asksForCanvas || parent.transformation.asksForCanvas else { return false }
        let made = Ground(parent.transformation, format: parent.format)
        if made.color == nil { return true }
        guard made == Ground(child, format: format) else { throw .otherGround }
        return false
    }
}
