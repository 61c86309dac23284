extension URLOption {
    /// Which part of the source is used, what is put around it, and which way up it is.
    static let region: [URLOption] = [
        URLOption("gravity", "g", arity: 1...3) { (draft, arguments) throws(TransformationError) in
            draft.transformation.gravity = try arguments.gravity(
                from: 0,
                keeping: draft.transformation.gravity,
                allowing: Gravity.Anchor.guides
            )
        },
        URLOption("crop", "c", arity: 1...5, apply: readCrop),
        URLOption("trim", "t", arity: 1...4, apply: readTrim),
        URLOption("padding", "pd", arity: 1...4, apply: readPadding),
        URLOption("auto_rotate", "ar") { (draft, arguments) throws(TransformationError) in
            draft.transformation.autoRotate = try arguments.flag(0)
        },
        URLOption("rotate", "rot") { (draft, arguments) throws(TransformationError) in
            let angle = try arguments.integer(0, in: -36_000...36_000)
            guard angle % 90 == 0 else { throw arguments.error("the angle \(angle) is not a multiple of 90") }
            draft.transformation.rotation = (angle % 360 + 360) % 360
        },
        URLOption("flip", "fl", arity: 1...2) { (draft, arguments) throws(TransformationError) in
            if arguments.text(0) != nil { draft.transformation.flipHorizontal = try arguments.flag(0) }
            if arguments.text(1) != nil { draft.transformation.flipVertical = try arguments.flag(1) }
        },
    ]

    @Sendable
    private static func readCrop(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let sides = 0...Double(GrammarLimits.sideMax)
        var crop = draft.transformation.crop ?? Transformation.Crop(width: 0, height: 0)
        if arguments.text(0) != nil { crop.width = try arguments.number(0, in: sides) }
        if arguments.text(1) != nil { crop.height = try arguments.number(1, in: sides) }
        if arguments.text(2) != nil {
            crop.gravity = try arguments.gravity(
                from: 2,
                keeping: crop.gravity,
                allowing: Gravity.Anchor.guides
            )
        }
        // The whole of both sides is no crop at all.
        draft.transformation.crop = crop.width == 0 && crop.height == 0 ? nil : crop
    }

    @Sendable
    private static func readTrim(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        guard arguments.text(0) != nil else {
            // An empty threshold switches trimming off, for instance a preset's.
            draft.transformation.trim = nil
            return
        }
        var trim = draft.transformation.trim ?? Transformation.Trim(threshold: 0)
        trim.threshold = try arguments.number(0, in: 0...GrammarLimits.thresholdMax)
        trim.color = arguments.text(1) == nil ? nil : try arguments.color(1)
        if arguments.text(2) != nil { trim.equalHorizontal = try arguments.flag(2) }
        if arguments.text(3) != nil { trim.equalVertical = try arguments.flag(3) }
        draft.transformation.trim = trim
    }

    /// As in CSS: a side that is left out follows the opposite one, and that one the top.
    @Sendable
    private static func readPadding(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let sides = 0...GrammarLimits.sideMax
        var padding = draft.transformation.padding
        if arguments.text(0) != nil { padding.top = try arguments.integer(0, in: sides) }
        padding.right = arguments.text(1) == nil ? padding.top : try arguments.integer(1, in: sides)
        padding.bottom = arguments.text(2) == nil ? padding.top : try arguments.integer(2, in: sides)
        padding.left = arguments.text(3) == nil ? padding.right : try arguments.integer(3, in: sides)
        draft.transformation.padding = padding
    }
}
