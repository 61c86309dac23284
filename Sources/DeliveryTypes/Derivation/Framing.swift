/// How a child's size and cut come about from its parent's pixels.
struct Framing: Hashable, Sendable {
    /// The child's size.
    let size: PixelSize
    /// To be applied to the parent: size, cut and canvases only.
    let transformation: Transformation
    /// How many times as large as the child's picture the parent's is, on the axis on which it is less.
    let ratio: Double
    /// Whether canvases are still to be added.
    let addsCanvases: Bool

    /// - Throws: `inconsistent`, `limited`, `tooSmall`, `smartCrop` or `otherView`.
    init(
        _ child: Transformation,
        _ format: ImageFormat,
        _ parent: CachedRendition,
        _ original: PictureFacts,
        limits: RenderLimits
    ) throws(DerivationRefusal) {
        let source = RenderPlan.Source(size: original.size, orientation: original.orientation)
        func geometry(_ transformation: Transformation, _ format: ImageFormat) -> RenderPlan {
            let limits = limits.tightened(by: transformation)
            return RenderPlan(transformation, source: source, format: format, limits: limits)
        }
        let wanted = geometry(child, format)
        let made = geometry(parent.transformation, parent.format)
        guard made.resultSize == parent.size, parent.frames == 1 else { throw .inconsistent }
        guard parent.size.area <= limits.sourcePixelsMax else { throw .limited }
        let wholeRatio = Self.ratio(of: parent.size, to: wanted.resultSize)
        let pictureRatio = Self.ratio(of: parent.size, to: wanted.scaledSize)
        guard max(wholeRatio, pictureRatio) >= Derivation.ratioMin else { throw .tooSmall }
        guard let wantedView = SourceView(wanted, sourceFormat: original.format),
            let madeView = SourceView(made, sourceFormat: original.format)
        else { throw .smartCrop }
        guard wantedView.turn == madeView.turn else { throw .otherView }

        size = wanted.resultSize
        if wantedView.shift(of: madeView) <= Derivation.shiftMax {
            guard wholeRatio >= Derivation.ratioMin else { throw .tooSmall }
            addsCanvases = false
            ratio = wholeRatio
            transformation = Self.resizing(to: wanted.resultSize)
            return
        }
        guard madeView.isWhole, wanted.cropSize == nil else { throw .otherView }
        guard pictureRatio >= Derivation.ratioMin else { throw .tooSmall }
        ratio = pictureRatio
        transformation = Self.framing(of: child)
        let again = RenderPlan(
            transformation,
            source: RenderPlan.Source(size: parent.size),
            format: format,
            limits: limits.tightened(by: child)
        )
        guard again.hasFrame(of: wanted) else { throw .otherView }
        addsCanvases = again.resultSize != again.croppedSize
    }

    private static func ratio(of size: PixelSize, to child: PixelSize) -> Double {
        min(Double(size.width) / Double(child.width), Double(size.height) / Double(child.height))
    }

    private static func resizing(to size: PixelSize) -> Transformation {
        var transformation = Transformation()
        transformation.resizing = .force
        transformation.width = size.width
        transformation.height = size.height
        transformation.autoRotate = false
        return transformation
    }

    /// What a transformation says of size, cut and canvases; the parent is turned already.
    private static func framing(of child: Transformation) -> Transformation {
        var transformation = Transformation()
        transformation.resizing = child.resizing
        transformation.width = child.width
        transformation.height = child.height
        transformation.minimumWidth = child.minimumWidth
        transformation.minimumHeight = child.minimumHeight
        transformation.zoomX = child.zoomX
        transformation.zoomY = child.zoomY
        transformation.devicePixelRatio = child.devicePixelRatio
        transformation.enlarge = child.enlarge
        transformation.extend = child.extend
        transformation.extendAspectRatio = child.extendAspectRatio
        transformation.gravity = child.gravity
        transformation.padding = child.padding
        transformation.autoRotate = false
        transformation.maximumResultDimension = child.maximumResultDimension
        return transformation
    }
}

extension RenderPlan {
    /// Whether scaling, cutting and laying out end in the same pixels.
    fileprivate func hasFrame(of other: RenderPlan) -> Bool {
        scaledSize == other.scaledSize && resultCrop == other.resultCrop && `extension` == other.extension
            && aspectRatioExtension == other.aspectRatioExtension && padding == other.padding
            && resultSize == other.resultSize
    }
}
