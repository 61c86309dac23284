import DeliveryTypes

/// Prepares the watermark and the layers of a rendition for a canvas of the finished size.
///
/// Everything is prepared once and drawn on every frame, lowest first: the watermark, then the layers in their order.
struct Composition {
    let transformation: Transformation
    /// One for each of the transformation's `layerSources`.
    let sources: [SourceBytes]
    let limits: RenderLimits
    let canvas: PixelSize
    /// The ratio in force for offsets and own sizes.
    let devicePixelRatio: Double

    /// Characters of one text.
    static let charactersMax = 2_000
    /// Pixels that one text may cover, by a generous estimate made before it is set.
    static let textPixelsMax = 64_000_000

    /// - Throws: `limitExceeded`, or what is wrong with an overlay's source.
    func overlays() throws(RenderFailure) -> [PreparedOverlay] {
        guard sources.count == transformation.layerSources.count else {
            throw RenderFailure(.workerFault, "The job came with \(sources.count) sources for its layers.")
        }
        var remaining = sources[...]
        var overlays: [PreparedOverlay] = []
        if let watermark = transformation.watermark, watermark.source != nil, let bytes = remaining.popFirst() {
            if let overlay = try prepared(watermark, bytes) { overlays.append(overlay) }
        }
        for layer in transformation.layers {
            let overlay: PreparedOverlay?
            switch layer.content {
            case .picture:
                guard let bytes = remaining.popFirst() else { continue }
                overlay = try prepared(layer, bytes)
            case .text(let text): overlay = try prepared(layer, text)
            }
            if let overlay { overlays.append(overlay) }
        }
        return overlays
    }

    // MARK: Watermark

    private func prepared(_ watermark: Watermark, _ bytes: SourceBytes) throws(RenderFailure) -> PreparedOverlay? {
        guard watermark.opacity > 0 else { return nil }
        let mark = try picture(bytes, share: watermark.scale, ownScale: 1)
        switch watermark.position {
        case .anchored(let gravity):
            return placed(try mark.materialized(), gravity: gravity, opacity: watermark.opacity)
        case .replicated(let x, let y):
            return try tiled(mark, spacing(x, y), isChessboard: false, opacity: watermark.opacity)
        case .chessboard(let x, let y):
            return try tiled(mark, spacing(x, y), isChessboard: true, opacity: watermark.opacity)
        }
    }

    /// A tile's distance in pixels before `dpr`; below 1 it is a share of the canvas.
    private func spacing(_ x: Double, _ y: Double) -> PixelPoint {
        func pixels(_ value: Double, of side: Int) -> Int {
            Pixels.rounded(value < 1 ? value * Double(side) / devicePixelRatio : value)
        }
        return PixelPoint(x: pixels(x, of: canvas.width), y: pixels(y, of: canvas.height))
    }

    private func tiled(
        _ mark: borrowing Raster,
        _ spacing: PixelPoint,
        isChessboard: Bool,
        opacity: Double
    ) throws(RenderFailure) -> PreparedOverlay {
        let tiling = Overlay.tiling(
            of: mark.size,
            spacing: spacing,
            isChessboard: isChessboard,
            on: canvas,
            devicePixelRatio: devicePixelRatio
        )
        let still = try mark.materialized()
        let sheet = try still.tiled(tiling, over: canvas)
        return PreparedOverlay(sheet, at: PixelPoint(x: 0, y: 0), opacity: opacity)
    }

    // MARK: Layers

    private func prepared(_ layer: Layer, _ bytes: SourceBytes) throws(RenderFailure) -> PreparedOverlay? {
        guard layer.opacity > 0 else { return nil }
        let picture = try picture(bytes, share: layer.scale, ownScale: devicePixelRatio)
        return try finished(layer, picture)
    }

    private func prepared(_ layer: Layer, _ text: Layer.Text) throws(RenderFailure) -> PreparedOverlay? {
        let visible = text.string.contains { !$0.isWhitespace }
        guard layer.opacity > 0, visible else { return nil }
        let pixels = max(1, text.size * devicePixelRatio)
        let count = Double(text.string.unicodeScalars.count)
        guard count <= Double(Self.charactersMax), count * pixels * pixels * 2 <= Double(Self.textPixelsMax) else {
            throw RenderFailure(.limitExceeded, "The text is too long or too large.")
        }
        let wrapWidth = Double(text.wrapWidth) * devicePixelRatio
        let raster = try Raster(
            text: text.string.filter { $0 != "\0" },
            font: Self.font(text.font, pixels: pixels),
            wrapWidth: text.wrapWidth > 0 ? max(1, Int(min(wrapWidth, Double(limits.resultSideMax)))) : 0,
            color: text.color
        )
        return try finished(layer, raster)
    }

    private func finished(_ layer: Layer, _ picture: consuming Raster) throws(RenderFailure) -> PreparedOverlay {
        var picture = picture
        let degrees = layer.rotation.truncatingRemainder(dividingBy: 360)
        if degrees.isFinite, degrees != 0 { picture = try picture.rotated(degrees: degrees) }
        return placed(try picture.materialized(), gravity: layer.gravity, opacity: layer.opacity)
    }

    /// A Pango description, whose last word is the size.
    private static func font(_ family: String?, pixels: Double) -> String {
        let name = (family ?? "sans").filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "," }
        return "\(name.isEmpty ? "sans" : name) \((pixels * 100).rounded() / 100)"
    }

    // MARK: Both

    private func placed(_ raster: consuming Raster, gravity: Gravity, opacity: Double) -> PreparedOverlay {
        let position = Placement.position(
            of: raster.size,
            in: canvas,
            gravity: gravity,
            devicePixelRatio: devicePixelRatio,
            mayOverflow: true
        )
        return PreparedOverlay(raster, at: position, opacity: min(max(opacity, 0), 1))
    }

    /// A picture in sRGB with alpha, upright, at the size at which it is drawn.
    private func picture(_ bytes: SourceBytes, share: Double, ownScale: Double) throws(RenderFailure) -> Raster {
        let source = try SourcePicture(bytes, limits: limits)
        let size = Overlay.size(of: source.facts.orientedSize, share: share, on: canvas, ownScale: ownScale)
        guard size.area <= limits.sourcePixelsMax else {
            throw RenderFailure(
                .limitExceeded,
                "A watermark or layer would have \(size.width) × \(size.height) pixels."
            )
        }
        var scaling = Transformation()
        scaling.resizing = .force
        scaling.width = size.width
        scaling.height = size.height
        scaling.enlarge = true
        var limits = limits
        limits.resultSideMax = max(size.width, size.height)
        let reading = SourceReading(source: source, transformation: scaling, format: .png, limits: limits)
        let start = try reading.still()
        let steps = FrameSteps(
            transformation: scaling,
            plan: start.plan,
            ground: Ground(scaling, format: .png),
            keepsProfile: false
        )
        let trueSize = start.trueSize
        let picture = try steps.applied(to: start.raster, trueSize: trueSize)
        let colored = try picture.inColor()
        return try colored.withAlpha()
    }
}
