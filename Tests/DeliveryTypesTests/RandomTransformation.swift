import DeliveryTypes

/// Transformations as the parser makes them: any values within the grammar's ranges, in normal form.
extension SeededGenerator {
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }

    /// Numbers of every magnitude, some of them awkward to write.
    mutating func number(_ range: ClosedRange<Double>) -> Double {
        let value: Double =
            switch Int.random(in: 0..<4, using: &self) {
            case 0: Double.random(in: range, using: &self)
            case 1: Double.random(in: range, using: &self).rounded()
            case 2: Double.random(in: range, using: &self) * 1e-7
            default: (Double.random(in: range, using: &self) * 100).rounded() / 100
            }
        return value == 0 || !range.contains(value) ? range.upperBound : value
    }

    mutating func side() -> Int { Int.random(in: 0...GrammarLimits.sideMax, using: &self) }

    mutating func gravity(_ allowed: [Gravity.Anchor]) -> Gravity {
        switch pick(allowed) {
        case .smart: Gravity(.smart)
        case .focusPoint: Gravity(.focusPoint, x: number(0...1), y: number(0...1))
        case let anchor:
            Gravity(
                anchor,
                x: chance(50) ? 0 : number(-1_000...1_000),
                y: chance(50) ? 0 : number(-1_000...1_000)
            )
        }
    }

    mutating func color() -> Color {
        let bits = next()
        return Color(
            red: UInt8(truncatingIfNeeded: bits),
            green: UInt8(truncatingIfNeeded: bits >> 8),
            blue: UInt8(truncatingIfNeeded: bits >> 16)
        )
    }

    mutating func word() -> String {
        let characters = Array("abcXYZ019 -_.~äß語🙂:/@%?&=+")
        return String((0..<Int.random(in: 1...20, using: &self)).map { _ in pick(characters) })
    }

    mutating func source() -> SourceReference {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: .original(ContentDigest(bytes: (0..<32).map { _ in UInt8(truncatingIfNeeded: next()) }))
        case 1: .remote("https://images.example/" + PercentEncoding.encode(word()) { PercentEncoding.isUnreserved($0) })
        case 2: .local("photos/" + word().filter { $0 != "/" } + "x")
        default: .object(bucket: "bucket-\(next() % 9)", key: "k" + word().filter { $0 != "/" })
        }
    }

    mutating func transformation() -> Transformation {
        var made = Transformation()
        changeSize(&made)
        changeRegion(&made)
        changeLook(&made)
        changeEncoding(&made)
        changeDelivery(&made)
        return made
    }

    private static let places = Gravity.Anchor.allCases.filter { $0 != .smart && $0 != .focusPoint }
    private static let positions = Gravity.Anchor.allCases.filter { $0 != .smart }

    private mutating func changeSize(_ made: inout Transformation) {
        if chance(50) { made.resizing = pick(Transformation.Resizing.allCases) }
        if chance(50) { made.width = side() }
        if chance(50) { made.height = side() }
        if chance(10) { made.minimumWidth = side() }
        if chance(10) { made.minimumHeight = side() }
        if chance(10) { made.zoomX = number(0...GrammarLimits.zoomMax) }
        if chance(10) { made.zoomY = number(0...GrammarLimits.zoomMax) }
        if chance(20) { made.devicePixelRatio = number(0...GrammarLimits.devicePixelRatioMax) }
        made.enlarge = chance(20)
        if chance(20) { made.extend = gravity(Self.positions) }
        if chance(10) { made.extendAspectRatio = gravity(Self.positions) }
    }

    private mutating func changeRegion(_ made: inout Transformation) {
        if chance(40) { made.gravity = gravity(Gravity.Anchor.allCases) }
        if chance(20) {
            made.crop = .init(width: number(0...1_000), height: chance(30) ? 0 : number(0...1_000))
            if chance(50) { made.crop?.gravity = gravity(Gravity.Anchor.allCases) }
        }
        if chance(20) {
            made.trim = .init(
                threshold: chance(20) ? 0 : number(0...GrammarLimits.thresholdMax),
                color: chance(50) ? color() : nil,
                equalHorizontal: chance(50),
                equalVertical: chance(50)
            )
        }
        if chance(20) { made.padding = .init(top: side(), right: side(), bottom: side(), left: side()) }
        made.autoRotate = !chance(10)
        made.rotation = pick([0, 0, 90, 180, 270])
        made.flipHorizontal = chance(10)
        made.flipVertical = chance(10)
    }

    private mutating func changeLook(_ made: inout Transformation) {
        if chance(20) { made.background = color() }
        if chance(20) { made.backgroundAlpha = chance(30) ? 0 : number(0...1) }
        if chance(20) { made.blur = number(0...GrammarLimits.sigmaMax) }
        if chance(20) { made.sharpen = number(0...GrammarLimits.sigmaMax) }
        if chance(20) { made.pixelate = Int.random(in: 0...GrammarLimits.pixelateMax, using: &self) }
        if chance(20) {
            let spacing = (x: chance(30) ? 0 : number(0...500), y: chance(30) ? 0 : number(0...500))
            let position: Watermark.Position =
                switch Int.random(in: 0..<3, using: &self) {
                case 0: .anchored(gravity(Self.places))
                case 1: .replicated(x: spacing.x, y: spacing.y)
                default: .chessboard(x: spacing.x, y: spacing.y)
                }
            made.watermark = Watermark(opacity: number(0...1), position: position)
            if chance(50) { made.watermark?.scale = number(0...GrammarLimits.scaleMax) }
            if chance(50) { made.watermark?.source = source() }
        }
        for _ in 0..<Int.random(in: 0...3, using: &self) { made.layers.append(layer()) }
    }

    private mutating func layer() -> Layer {
        let isText = chance(50)
        var content = Layer.Content.picture(source())
        if isText {
            var text = Layer.Text(string: word())
            if chance(50) { text.size = number(0...GrammarLimits.fontSizeMax) }
            if chance(50) { text.color = color() }
            if chance(50) { text.font = pick(["DejaVu Sans Bold", "sans", "Noto Sans 日本", "a-b_c 9"]) }
            if chance(50) { text.wrapWidth = side() }
            content = .text(text)
        }
        return Layer(
            content: content,
            gravity: gravity(Self.positions),
            opacity: chance(50) ? 1 : chance(20) ? 0 : number(0...1),
            scale: isText || chance(50) ? 0 : number(0...GrammarLimits.scaleMax),
            rotation: chance(50) ? 0 : number(0...359)
        )
    }

    private mutating func changeEncoding(_ made: inout Transformation) {
        if chance(30) { made.stripMetadata = chance(50) }
        if chance(30) { made.keepCopyright = chance(50) }
        if chance(30) { made.stripColorProfile = chance(50) }
        made.enforceThumbnail = chance(10)
        if chance(40) { made.quality = Int.random(in: 1...100, using: &self) }
        for format in ImageFormat.allCases where chance(10) {
            made.formatQuality[format] = Int.random(in: 1...100, using: &self)
        }
        if chance(20) {
            let isSize = chance(50)
            made.autoQuality = .init(
                method: isSize ? .size : .dssim,
                target: isSize ? Double(Int.random(in: 1...GrammarLimits.bytesMax, using: &self)) : number(0...1)
            )
            if chance(50) { made.autoQuality?.minimumQuality = Int.random(in: 1...50, using: &self) }
            if chance(50) { made.autoQuality?.maximumQuality = Int.random(in: 50...100, using: &self) }
            if chance(50) { made.autoQuality?.allowedError = number(0...1) }
        }
        if chance(20) { made.maximumBytes = Int.random(in: 0...GrammarLimits.bytesMax, using: &self) }
        if chance(40) { made.format = pick(ImageFormat.allCases.filter(\.isWritable)) }
        if chance(10) { made.page = Int.random(in: 0...GrammarLimits.pageMax, using: &self) }
        if chance(10) { made.pageCount = Int.random(in: 0...GrammarLimits.pageMax, using: &self) }
        made.disableAnimation = chance(10)
    }

    private mutating func changeDelivery(_ made: inout Transformation) {
        for format in ImageFormat.allCases where chance(10) { made.skipProcessing.insert(format) }
        made.raw = chance(5)
        if chance(20) { made.cacheBuster = "v\(next() % 1_000)%20~x" }
        if chance(20) { made.expires = Int64(Int.random(in: 1...GrammarLimits.expiresMax, using: &self)) }
        if chance(20) { made.filename = word().filter { $0 != "/" } + "x" }
        made.returnAttachment = chance(10)
        if chance(10) { made.maximumSourceResolution = number(0...GrammarLimits.megapixelsMax) }
        if chance(10) { made.maximumSourceBytes = Int.random(in: 1...GrammarLimits.bytesMax, using: &self) }
        if chance(10) { made.maximumAnimationFrames = Int.random(in: 1...GrammarLimits.pageMax, using: &self) }
        if chance(10) { made.maximumAnimationFrameResolution = number(0...GrammarLimits.megapixelsMax) }
        if chance(10) { made.maximumResultDimension = max(1, side()) }
    }
}
