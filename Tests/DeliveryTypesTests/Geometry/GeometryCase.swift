import DeliveryTypes

/// One line of the geometry table: `SOURCE OPTIONS -> RESULT [NAME=VALUE…]`.
///
/// A source is `200x100`, with `@6` for an EXIF orientation and `svg` behind it for a vector. Options are imgproxy's
/// short names; `server-max` stands for the server's limit of the result's sides. What is checked beside the final
/// size: `scaled`, `cut` (final crop), `crop` (before scaling, in stored pixels), `ext`, `ar`, `pad` (canvases), each
/// as `X,Y,WxH`, `smart,WxH` or `none`, and the numbers `dpr`, `jpeg` (shrink on load) and `draw` (scale of a
/// vector).
struct GeometryCase: Sendable, CustomStringConvertible {
    let description: String
    let plan: RenderPlan
    let expected: [(name: String, value: String)]

    init?(_ line: Substring) {
        let halves = line.split(separator: " -> ")
        guard halves.count == 2 else { return nil }
        let inputs = halves[0].split(separator: " ")
        let outputs = halves[1].split(separator: " ")
        guard let source = Self.source(inputs[0]) else { return nil }
        var options = GeometryOptions()
        for option in inputs.dropFirst().flatMap({ $0.split(separator: "/") }) {
            guard options.read(option) else { return nil }
        }
        description = line.split(separator: " ").joined(separator: " ")
        plan = RenderPlan(options.transformation, source: source, format: options.format, limits: options.limits)
        expected =
            [("result", String(outputs[0]))]
            + outputs.dropFirst().map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), String(parts.last ?? ""))
            }
    }

    /// What the plan says under one of the table's names.
    func actual(_ name: String) -> String {
        switch name {
        case "result": text(plan.resultSize)
        case "scaled": text(plan.scaledSize)
        case "cut": text(plan.resultCrop)
        case "crop": text(plan.crop(afterLoading: plan.source.size))
        case "ext": text(plan.extension)
        case "ar": text(plan.aspectRatioExtension)
        case "pad": text(plan.padding)
        case "dpr": text(plan.devicePixelRatio)
        case "jpeg": "\(plan.jpegShrink)"
        case "draw": text(plan.vectorScale)
        default: "no such name: \(name)"
        }
    }

    private static func source(_ text: Substring) -> RenderPlan.Source? {
        let isVector = text.hasSuffix("svg")
        let parts = (isVector ? text.dropLast(3) : text).split(separator: "@")
        let sides = parts[0].split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2 else { return nil }
        return RenderPlan.Source(
            size: PixelSize(width: sides[0], height: sides[1]),
            orientation: parts.count > 1 ? Int(parts[1]) ?? 1 : 1,
            isVector: isVector
        )
    }

    private func text(_ size: PixelSize) -> String { "\(size.width)x\(size.height)" }

    private func text(_ number: Double) -> String {
        let thousandths = Int((number * 1_000).rounded())
        return thousandths % 1_000 == 0 ? "\(thousandths / 1_000)" : "\(Double(thousandths) / 1_000)"
    }

    private func text(_ region: RenderPlan.Region?) -> String {
        switch region {
        case nil: "none"
        case .smart(let size): "smart,\(text(size))"
        case .rectangle(let part): "\(part.origin.x),\(part.origin.y),\(text(part.size))"
        }
    }

    private func text(_ canvas: Canvas?) -> String {
        canvas.map { "\($0.position.x),\($0.position.y),\(text($0.size))" } ?? "none"
    }
}

/// The options of geometry in imgproxy's short notation, as far as the table needs them.
struct GeometryOptions {
    var transformation = Transformation()
    var format = ImageFormat.png
    var limits = RenderLimits()

    mutating func read(_ option: Substring) -> Bool {
        let words = option.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let arguments = Array(words.dropFirst())
        func number(_ index: Int) -> Double? { index < arguments.count ? Double(arguments[index]) : nil }
        func integer(_ index: Int) -> Int { number(index).map { Int($0) } ?? 0 }
        switch words[0] {
        case "rs":
            transformation.resizing = Transformation.Resizing(rawValue: arguments[0]) ?? .fit
            transformation.width = integer(1)
            transformation.height = integer(2)
            transformation.enlarge = integer(3) == 1
            if integer(4) == 1 { transformation.extend = Gravity() }
        case "el": transformation.enlarge = true
        case "ex": transformation.extend = gravity(arguments.dropFirst()) ?? Gravity()
        case "exar": transformation.extendAspectRatio = gravity(arguments.dropFirst()) ?? Gravity()
        case "g": transformation.gravity = gravity(arguments[...]) ?? Gravity()
        case "c":
            transformation.crop = Transformation.Crop(
                width: number(0) ?? 0,
                height: number(1) ?? 0,
                gravity: gravity(arguments.dropFirst(2))
            )
        case "mw": transformation.minimumWidth = integer(0)
        case "mh": transformation.minimumHeight = integer(0)
        case "z":
            transformation.zoomX = number(0) ?? 1
            transformation.zoomY = number(1) ?? transformation.zoomX
        case "dpr": transformation.devicePixelRatio = number(0) ?? 1
        case "pd":
            let top = integer(0)
            let right = number(1).map { Int($0) } ?? top
            transformation.padding = Transformation.Padding(
                top: top,
                right: right,
                bottom: number(2).map { Int($0) } ?? top,
                left: number(3).map { Int($0) } ?? right
            )
        case "ar": transformation.autoRotate = integer(0) == 1
        case "rot": transformation.rotation = integer(0)
        case "fl":
            transformation.flipHorizontal = integer(0) == 1
            transformation.flipVertical = integer(1) == 1
        case "f": format = ImageFormat(name: arguments[0]) ?? .png
        case "mrd": transformation.maximumResultDimension = integer(0)
        case "server-max": limits.resultSideMax = integer(0)
        case "server-pixels": limits.sourcePixelsMax = integer(0)
        default: return false
        }
        return true
    }

    private func gravity(_ words: ArraySlice<String>) -> Gravity? {
        guard let name = words.first, let anchor = Gravity.Anchor(rawValue: name) else { return nil }
        let numbers = words.dropFirst().compactMap { Double($0) }
        return Gravity(anchor, x: numbers.first ?? 0, y: numbers.count > 1 ? numbers[1] : 0)
    }
}
