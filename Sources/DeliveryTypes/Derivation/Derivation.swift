/// Decides whether a rendition can be made from a cached one of the same picture instead of from the original, and how.
///
/// Promises, each of them tested on pictures: the derived rendition has exactly the format and the size of the direct
/// one, shows the same part of the source to within `shiftMax` pixels, and is similar to it (SSIM) by at least
/// `similarityMin`. Where that is not certain, the answer is a refusal with its reason. A decision is a pure function
/// of its arguments; it costs some microseconds, most of them for the geometry of both renditions.
///
/// A derived rendition is the parent resized and encoded, where both show the same, or cut and laid out like the direct
/// one, where the parent shows the whole picture (`Framing`). Whatever else counts pixels must be absent.
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
    package static let shiftMax = 0.05
    /// The least structural similarity (SSIM) of a derived rendition to the direct one, both before they are encoded.
    ///
    /// Encoding adds its own noise to both: two JPEGs of quality 80 of nearly the same pixels are alike by 0.95 only.
    package static let similarityMin = 0.94

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
        let frame = try Framing(child.transformation, format, parent, original, limits: limits)
        try checkEncoding(child.transformation, format, parent, ratio: frame.ratio)
        let ground = try ground(of: child.transformation, format, frame, parent, original)
        return plan(child.transformation, format, frame, ground)
    }

    /// Two jobs that show how good a plan is: its rendition and the direct one, both without the encoder's loss.
    ///
    /// The first is made from the parent, the second from the original; compare their bytes by `.similarity` and tell
    /// `DerivationAudit`.
    ///
    /// - Returns: `nil` for a plan that is direct anyway, and for half transparent grounds, which only the child's own
    ///   format makes opaque.
    package func auditJobs(
        of plan: DerivationPlan,
        for child: WantedRendition
    ) -> (derived: RenderJob, direct: RenderJob)? {
        guard let format = plan.format else { return nil }
        let ground = Ground(child.transformation, format: format)
        guard ground.opacity == 1 else { return nil }
        var derived = plan
        var direct = DerivationPlan(transformation: child.transformation, target: .format(.png))
        derived.transformation.format = .png
        derived.target = .format(.png)
        direct.transformation.format = .png
        // What the child's format cannot keep transparent stays painted.
        if ground.isOpaque, let color = ground.color {
            derived.transformation.background = color
            derived.transformation.backgroundAlpha = 1
            direct.transformation.background = color
            direct.transformation.backgroundAlpha = 1
        }
        return (
            derived.job(limits: limits, defaults: defaults), direct.job(limits: limits, defaults: defaults)
        )
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
        _ framing: Framing,
        _ ground: GroundWork
    ) -> DerivationPlan {
        var applied = framing.transformation
        if ground == .paint {
            applied.background = child.background
            applied.backgroundAlpha = child.backgroundAlpha
        }
        applied.format = format
        if format.hasQuality { applied.quality = child.quality(for: format, defaults: defaults) }
        applied.stripMetadata = true
        applied.keepCopyright = keepsRights(child)
        applied.stripColorProfile = true
        return DerivationPlan(
            transformation: applied,
            target: .format(format),
            format: format,
            size: framing.size
        )
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

    private func checkEncoding(
        _ child: Transformation,
        _ format: ImageFormat,
        _ parent: CachedRendition,
        ratio: Double
    ) throws(DerivationRefusal) {
        guard let needed = Fidelity(format, quality: child.quality(for: format, defaults: defaults)),
            let given = Fidelity(parent.format, quality: parent.quality)
        else { throw .format }
        guard given.suffices(for: needed, ratio: ratio) else { throw .poorParent }
        // An original without rights has none to lose.
        if keepsRights(child), parent.hasRights != false {
            guard keepsRights(parent.transformation), Fidelity.carriesRights(parent.format) else { throw .lostRights }
        }
    }

    private func keepsRights(_ transformation: Transformation) -> Bool {
        transformation.keepCopyright ?? defaults.keepCopyright
    }

    /// What is still to be done about the ground under transparent pixels and on canvases.
    private enum GroundWork {
        case paint
        case leave
    }

    private func ground(
        of child: Transformation,
        _ format: ImageFormat,
        _ framing: Framing,
        _ parent: CachedRendition,
        _ original: PictureFacts
    ) throws(DerivationRefusal) -> GroundWork {
        let made = Ground(parent.transformation, format: parent.format)
        let wanted = Ground(child, format: format)
        let isVisible = original.hasAlpha || parent.transformation.asksForCanvas || child.asksForCanvas
        // Nothing was painted yet, or nothing that shows: the child's ground is painted as if on the original.
        if made.color == nil || !isVisible { return .paint }
        if framing.addsCanvases {
            // Under an opaque parent a second coat does not show; on its new canvases it is the first one.
            guard !original.hasAlpha || (made == wanted && made.isOpaque) else { throw .otherGround }
            return .paint
        }
        guard made == wanted else { throw .otherGround }
        return .leave
    }
}
