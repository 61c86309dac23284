import DeliveryTypes

/// A photo of 12 megapixels, renditions of it, and what is asked for.
struct DerivationFamily {
    static let photo = SourceReference.local("photos/street.jpg")

    var derivation = Derivation()
    var hasRights: Bool? = false
    var original = PictureFacts(
        format: .jpeg,
        size: PixelSize(width: 4_000, height: 3_000),
        bytes: 4_000_000
    )

    /// A rendition as a worker would have made it, in its format's default quality.
    func cached(
        _ format: ImageFormat = .jpeg,
        quality: Int? = nil,
        _ edit: (inout Transformation) -> Void
    ) -> CachedRendition {
        var transformation = Transformation()
        edit(&transformation)
        let source = RenderPlan.Source(size: original.size, orientation: original.orientation)
        let limits = derivation.limits.tightened(by: transformation)
        let plan = RenderPlan(transformation, source: source, format: format, limits: limits)
        let usual = transformation.quality(for: format, defaults: derivation.defaults)
        return CachedRendition(
            source: Self.photo,
            transformation: transformation,
            format: format,
            size: plan.resultSize,
            quality: format.hasQuality ? quality ?? usual : nil,
            hasRights: hasRights,
            original: original
        )
    }

    func wanted(_ format: ImageFormat = .jpeg, _ edit: (inout Transformation) -> Void) -> WantedRendition {
        var transformation = Transformation()
        edit(&transformation)
        return WantedRendition(source: Self.photo, transformation: transformation, target: .format(format))
    }

    /// The reason of a refusal; `nil` when there is a plan.
    func refusal(_ child: WantedRendition, from parent: CachedRendition) -> DerivationRefusal? {
        do throws(DerivationRefusal) {
            _ = try derivation.plan(for: child, from: parent)
            return nil
        } catch {
            return error
        }
    }
}
