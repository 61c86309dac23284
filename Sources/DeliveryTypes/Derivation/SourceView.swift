/// Which part of its source a rendition shows, on both axes, and how it is turned.
struct SourceView: Hashable, Sendable {
    let turn: Turn
    let horizontal: SourceViewAxis
    let vertical: SourceViewAxis

    /// - Returns: `nil` when what is shown depends on the pixels.
    init?(_ plan: RenderPlan, sourceFormat: ImageFormat) {
        guard let area = Self.area(plan, sourceFormat) else { return nil }
        var origin = PixelPoint(x: 0, y: 0)
        switch plan.resultCrop {
        case .none: break
        case .rectangle(let rectangle): origin = rectangle.origin
        case .smart: return nil
        }
        var place = PixelPoint(x: 0, y: 0)
        for canvas in [plan.extension, plan.aspectRatioExtension, plan.padding] {
            place.x += canvas?.position.x ?? 0
            place.y += canvas?.position.y ?? 0
        }
        turn = plan.turn
        horizontal = Self.axis(
            area: area.horizontal,
            scaled: plan.scaledSize.width,
            cutAt: origin.x,
            cut: plan.croppedSize.width,
            laidAt: place.x,
            length: plan.resultSize.width
        )
        vertical = Self.axis(
            area: area.vertical,
            scaled: plan.scaledSize.height,
            cutAt: origin.y,
            cut: plan.croppedSize.height,
            laidAt: place.y,
            length: plan.resultSize.height
        )
    }

    /// Whether all of the picture is shown, and nothing else.
    var isWhole: Bool { horizontal.isWhole && vertical.isWhole }

    /// By how many of this view's pixels the picture would be out of place if `other` were scaled to this size.
    func shift(of other: SourceView) -> Double {
        max(horizontal.shift(of: other.horizontal), vertical.shift(of: other.vertical))
    }

    private typealias Share = (start: Double, end: Double)

    private static func axis(
        area: Share,
        scaled: Int,
        cutAt origin: Int,
        cut: Int,
        laidAt place: Int,
        length: Int
    ) -> SourceViewAxis {
        let perPixel = (area.end - area.start) / Double(scaled)
        let start = area.start + Double(origin) * perPixel
        return SourceViewAxis(
            length: length,
            contentStart: Double(place),
            contentEnd: Double(place + cut),
            shownStart: start,
            shownEnd: start + Double(cut) * perPixel
        )
    }

    /// What is cut before scaling, as shares of the upright source, rounded as it will be after shrinking on load.
    private static func area(_ plan: RenderPlan, _ format: ImageFormat) -> (horizontal: Share, vertical: Share)? {
        let loaded = plan.loadedSize(of: format)
        switch plan.crop(afterLoading: loaded) {
        case .none: return ((0, 1), (0, 1))
        case .smart: return nil
        case .rectangle(let cut):
            // A JPEG's last pixel may stand for fewer of the source's.
            let shrink = format == .jpeg ? Double(plan.jpegShrink) : nil
            let size = PixelSize(width: plan.source.size.width, height: plan.source.size.height)
            let width = shrink.map { Double(size.width) / $0 } ?? Double(loaded.width)
            let height = shrink.map { Double(size.height) / $0 } ?? Double(loaded.height)
            let x: Share = (Double(cut.origin.x) / width, min(1, Double(cut.origin.x + cut.size.width) / width))
            let y: Share = (Double(cut.origin.y) / height, min(1, Double(cut.origin.y + cut.size.height) / height))
            return turned(x, y, by: plan.turn)
        }
    }

    private static func turned(_ x: Share, _ y: Share, by turn: Turn) -> (horizontal: Share, vertical: Share) {
        func mirrored(_ share: Share) -> Share { (1 - share.end, 1 - share.start) }
        var (horizontal, vertical) = (x, y)
        for _ in 0..<turn.quarterTurns { (horizontal, vertical) = (mirrored(vertical), horizontal) }
        return (turn.isMirrored ? mirrored(horizontal) : horizontal, vertical)
    }
}
