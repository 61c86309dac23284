extension URLOption {
    /// What is drawn over the result.
    static let layers: [URLOption] = [
        URLOption("watermark", "wm", arity: 1...5, apply: readWatermark),
        URLOption("watermark_url", "wmu") { (draft, arguments) throws(TransformationError) in
            draft.watermarkSource = arguments.text(0) == nil ? nil : try arguments.source(0)
        },
        URLOption("text", "txt", arity: 1...10, apply: readText),
        URLOption("layer", "ly", arity: 1...7) { (draft, arguments) throws(TransformationError) in
            var layer = Layer(content: .picture(try arguments.source(0)))
            if arguments.text(1) != nil { layer.opacity = try arguments.number(1, in: 0...1) }
            layer.gravity = try arguments.placement(from: 2, keeping: Gravity())
            if arguments.text(5) != nil { layer.scale = try arguments.number(5, in: 0...GrammarLimits.scaleMax) }
            layer.rotation = try readRotation(arguments, 6)
            try append(layer, to: &draft, arguments)
        },
    ]

    @Sendable
    private static func readWatermark(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let opacity = try arguments.number(0, in: 0...1)
        var watermark = draft.transformation.watermark ?? Watermark(opacity: opacity)
        watermark.opacity = opacity
        watermark.position = try readPosition(arguments, keeping: watermark.position)
        if arguments.text(4) != nil {
            watermark.scale = try arguments.number(4, in: 0...GrammarLimits.scaleMax)
        }
        draft.transformation.watermark = opacity == 0 ? nil : watermark
    }

    /// `position:x:y` of a watermark; what is left out stays as it was.
    private static func readPosition(
        _ arguments: OptionArguments,
        keeping current: Watermark.Position
    ) throws(TransformationError) -> Watermark.Position {
        let (word, x, y): (Substring, Double, Double)
        switch current {
        case .anchored(let gravity): (word, x, y) = (Substring(gravity.anchor.rawValue), gravity.x, gravity.y)
        case .replicated(let spaceX, let spaceY): (word, x, y) = ("re", spaceX, spaceY)
        case .chessboard(let spaceX, let spaceY): (word, x, y) = ("ch", spaceX, spaceY)
        }
        let newX = arguments.text(2) == nil ? x : try arguments.offset(2)
        let newY = arguments.text(3) == nil ? y : try arguments.offset(3)
        switch arguments.text(1) ?? word {
        case "re", "ch":
            guard newX >= 0, newY >= 0 else { throw arguments.error("the spacing between tiles is negative") }
            let isChessboard = (arguments.text(1) ?? word) == "ch"
            return isChessboard ? .chessboard(x: newX, y: newY) : .replicated(x: newX, y: newY)
        case let name:
            guard let anchor = Gravity.Anchor(rawValue: String(name)), Gravity.Anchor.places.contains(anchor) else {
                let names = Gravity.Anchor.allCases.filter(Gravity.Anchor.places.contains).map(\.rawValue)
                throw arguments.mismatch(1, (names + ["re", "ch"]).joined(separator: ", "), name)
            }
            return .anchored(Gravity(anchor, x: newX, y: newY))
        }
    }

    @Sendable
    private static func readText(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let string = try arguments.encodedText(0, "the text", bytesMax: GrammarLimits.textBytesMax)
        guard !string.unicodeScalars.contains("\0") else { throw arguments.error("the text holds a null character") }
        var text = Layer.Text(string: string)
        if arguments.text(1) != nil {
            text.size = try arguments.positiveNumber(1, upTo: GrammarLimits.fontSizeMax)
        }
        if arguments.text(2) != nil { text.color = try arguments.color(2) }
        if let name = arguments.text(7) { text.font = try readFont(arguments, name) }
        if arguments.text(8) != nil { text.wrapWidth = try arguments.integer(8, in: 0...GrammarLimits.sideMax) }
        var layer = Layer(content: .text(text))
        layer.gravity = try arguments.placement(from: 3, keeping: Gravity())
        if arguments.text(6) != nil { layer.opacity = try arguments.number(6, in: 0...1) }
        layer.rotation = try readRotation(arguments, 9)
        try append(layer, to: &draft, arguments)
    }

    /// A font's name, percent-encoded; only what a fontconfig family and its style words need is let through.
    private static func readFont(
        _ arguments: OptionArguments,
        _ name: Substring
    ) throws(TransformationError) -> String {
        let expected = "a font's name, percent-encoded: letters, digits, spaces, - and _"
        let isAllowed = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || "0123456789 -_".unicodeScalars.contains(scalar)
        }
        guard let font = PercentEncoding.decode(name), font.utf8.count <= GrammarLimits.fontBytesMax,
            font.unicodeScalars.allSatisfy(isAllowed)
        else { throw arguments.mismatch(7, expected, name) }
        return font
    }

    /// Clockwise degrees, brought into 0..<360.
    private static func readRotation(
        _ arguments: OptionArguments,
        _ position: Int
    ) throws(TransformationError) -> Double {
        guard arguments.text(position) != nil else { return 0 }
        let angle = try arguments.number(position, in: -36_000...36_000).truncatingRemainder(dividingBy: 360)
        let turned = angle < 0 ? angle + 360 : angle
        // A tiny negative angle rounds to a whole turn; -0 and 360 are 0.
        return turned == 0 || turned == 360 ? 0 : turned
    }

    private static func append(
        _ layer: Layer,
        to draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        guard draft.transformation.layers.count < GrammarLimits.layersMax else {
            throw arguments.error("a URL has at most \(GrammarLimits.layersMax) layers")
        }
        draft.transformation.layers.append(layer)
    }
}
