/// The sizes before and after each step, in the viewer's coordinates, by imgproxy's arithmetic.
struct StepSizes {
    /// Factors from the cut-out area to the scaled picture.
    private(set) var scaleX = 1.0
    private(set) var scaleY = 1.0
    private(set) var devicePixelRatio = 1.0
    /// The requested size times zoom and ratio; a side is 0 when the URL leaves it open.
    private(set) var target = PixelSize(width: 0, height: 0)
    private(set) var scaled = PixelSize(width: 1, height: 1)
    private(set) var cropped = PixelSize(width: 1, height: 1)
    /// The picture extended to the target's ratio; `nil` when not asked for or already so.
    private(set) var aspectRatioCanvas: PixelSize?
    /// The padding times the ratio.
    private(set) var padding = Transformation.Padding()

    private let wanted: Transformation
    private let area: PixelSize

    /// Computes the sizes for a transformation in range (`sanitized`), an area to scale of at least 1 × 1 and a bound
    /// of the finished rendition's sides.
    init(_ wanted: Transformation, area: PixelSize, isVector: Bool, sideMax: Int) {
        self.wanted = wanted
        self.area = area
        computeScale(mayEnlarge: wanted.enlarge || isVector)
        computeSizes()
        limit(to: sideMax)
    }

    // MARK: Scale

    private mutating func computeScale(mayEnlarge: Bool) {
        let width = Double(area.width)
        let height = Double(area.height)
        var (shrinkX, shrinkY) = requestedShrink()
        shrinkX /= wanted.zoomX
        shrinkY /= wanted.zoomY

        devicePixelRatio = wanted.devicePixelRatio
        if !mayEnlarge {
            let smallest = min(shrinkX, shrinkY)
            if smallest < 1 {
                // The source is smaller than asked: it keeps its size, and a ratio below 1 counts from the asked size,
                // not from the source's. With `extend` the canvas keeps the composition, so there it does not.
                shrinkX /= smallest
                shrinkY /= smallest
                if wanted.extend == nil { devicePixelRatio /= smallest }
            }
            // The largest ratio that does not enlarge.
            devicePixelRatio = min(devicePixelRatio, shrinkX, shrinkY)
        }
        if wanted.minimumWidth > 0 {
            let bound = width / Double(wanted.minimumWidth)
            if bound < shrinkX {
                shrinkY /= shrinkX / bound
                shrinkX = bound
            }
        }
        if wanted.minimumHeight > 0 {
            let bound = height / Double(wanted.minimumHeight)
            if bound < shrinkY {
                shrinkX /= shrinkY / bound
                shrinkY = bound
            }
        }
        shrinkX = min(shrinkX / devicePixelRatio, width)
        shrinkY = min(shrinkY / devicePixelRatio, height)
        scaleX = 1 / shrinkX
        scaleY = 1 / shrinkY
    }

    /// Source side over requested side per axis, made one by the kind of resizing.
    private func requestedShrink() -> (x: Double, y: Double) {
        let width = Double(area.width)
        let height = Double(area.height)
        let targetWidth = wanted.width > 0 ? Double(wanted.width) : width
        let targetHeight = wanted.height > 0 ? Double(wanted.height) : height
        let x = width / targetWidth
        let y = height / targetHeight
        var resizing = wanted.resizing
        if resizing == .auto {
            resizing = (width >= height) == (targetWidth >= targetHeight) ? .fill : .fit
        }
        if resizing == .force || (x == 1 && y == 1) { return (x, y) }
        if wanted.width == 0 { return (y, y) }
        if wanted.height == 0 { return (x, x) }
        let shrink = resizing == .fit ? max(x, y) : min(x, y)
        return (shrink, shrink)
    }

    // MARK: Sizes

    private mutating func computeSizes() {
        target = PixelSize(
            width: Self.scaled(wanted.width, by: devicePixelRatio * wanted.zoomX),
            height: Self.scaled(wanted.height, by: devicePixelRatio * wanted.zoomY)
        )
        scaled = PixelSize(
            width: Self.scaled(area.width, by: scaleX),
            height: Self.scaled(area.height, by: scaleY)
        )
        var crop = target
        if wanted.resizing == .fillDown, !wanted.enlarge { crop = targetRatioInside(scaled) }
        cropped = PixelSize(
            width: crop.width > 0 ? min(crop.width, scaled.width) : scaled.width,
            height: crop.height > 0 ? min(crop.height, scaled.height) : scaled.height
        )
        aspectRatioCanvas = wanted.extendAspectRatio == nil ? nil : targetRatioAround(cropped)
        padding = Transformation.Padding(
            top: Pixels.evenly(Double(wanted.padding.top) * devicePixelRatio),
            right: Pixels.evenly(Double(wanted.padding.right) * devicePixelRatio),
            bottom: Pixels.evenly(Double(wanted.padding.bottom) * devicePixelRatio),
            left: Pixels.evenly(Double(wanted.padding.left) * devicePixelRatio)
        )
    }

    /// The target, or where it is larger than `size` the largest size of the target's ratio inside it.
    private func targetRatioInside(_ size: PixelSize) -> PixelSize {
        let x = Double(target.width) / Double(size.width)
        let y = Double(target.height) / Double(size.height)
        guard target.width > 0, target.height > 0 else { return target }
        if x > y, x > 1 {
            let height = Self.scaled(size.width, by: Double(target.height) / Double(target.width))
            return PixelSize(width: size.width, height: height)
        }
        if y > x, y > 1 {
            let width = Self.scaled(size.height, by: Double(target.width) / Double(target.height))
            return PixelSize(width: width, height: size.height)
        }
        return target
    }

    /// The smallest size of the target's ratio around `size`; `nil` when that is `size` or the target is open.
    private func targetRatioAround(_ size: PixelSize) -> PixelSize? {
        guard target.width > 0, target.height > 0 else { return nil }
        let x = Double(target.width) / Double(size.width)
        let y = Double(target.height) / Double(size.height)
        if y > x {
            let height = Self.scaled(size.width, by: Double(target.height) / Double(target.width))
            return PixelSize(width: size.width, height: max(height, size.height))
        }
        if x > y {
            let width = Self.scaled(size.height, by: Double(target.width) / Double(target.height))
            return PixelSize(width: max(width, size.width), height: size.height)
        }
        return nil
    }

    /// 0 stays 0; everything else is at least 1.
    static func scaled(_ side: Int, by scale: Double) -> Int {
        side == 0 ? 0 : max(1, Pixels.rounded(Double(side) * scale))
    }

    // MARK: Limit

    /// Scales everything down, padding and canvases too, until the result's longer side is at most `sideMax`.
    ///
    /// One round is imgproxy's rule. Where several rounded parts add up to a pixel too much, further rounds aim lower,
    /// because an encoder's bound is hard. Where that does not help either (ratios of a billion to one, whose shorter
    /// side cannot shrink any further), the parts are cut.
    private mutating func limit(to sideMax: Int) {
        for aim in stride(from: sideMax, to: max(0, sideMax - 8), by: -1) {
            let outer = outerSize
            let longest = max(outer.width, outer.height)
            guard longest > sideMax else { return }
            let down = Double(aim) / Double(longest)
            scaleX = max(scaleX * down, 1 / Double(area.width))
            scaleY = max(scaleY * down, 1 / Double(area.height))
            devicePixelRatio *= down
            computeSizes()
        }
        let outer = outerSize
        guard max(outer.width, outer.height) > sideMax else { return }
        func bounded(_ size: PixelSize) -> PixelSize {
            PixelSize(width: min(size.width, sideMax), height: min(size.height, sideMax))
        }
        target = bounded(target)
        scaled = bounded(scaled)
        cropped = bounded(cropped)
        aspectRatioCanvas = aspectRatioCanvas.map(bounded)
        padding = Transformation.Padding()
    }

    /// The finished rendition's size.
    private var outerSize: PixelSize {
        var size = cropped
        if wanted.extend != nil {
            size.width = max(size.width, target.width)
            size.height = max(size.height, target.height)
        } else if let canvas = aspectRatioCanvas {
            size = canvas
        }
        size.width += padding.left + padding.right
        size.height += padding.top + padding.bottom
        return size
    }
}

extension Transformation {
    /// The same, with the numbers of geometry in the range in which arithmetic is exact enough and cannot trap.
    ///
    /// Parsing refuses what this corrects; a plan must not depend on it.
    var sanitized: Transformation {
        var copy = self
        func side(_ value: Int) -> Int { min(max(value, 0), Pixels.max) }
        func factor(_ value: Double) -> Double { value.isFinite && value > 0 ? min(max(value, 1e-6), 1e6) : 1 }
        copy.width = side(width)
        copy.height = side(height)
        copy.minimumWidth = side(minimumWidth)
        copy.minimumHeight = side(minimumHeight)
        copy.zoomX = factor(zoomX)
        copy.zoomY = factor(zoomY)
        copy.devicePixelRatio = factor(devicePixelRatio)
        copy.padding.top = side(padding.top)
        copy.padding.right = side(padding.right)
        copy.padding.bottom = side(padding.bottom)
        copy.padding.left = side(padding.left)
        return copy
    }
}
