extension URLOption {
    /// How large the result is.
    static let size: [URLOption] = [
        URLOption("resize", "rs", arity: 1...8) { (draft, arguments) throws(TransformationError) in
            if arguments.text(0) != nil { try readResizing(&draft, arguments) }
            try readSize(&draft, arguments.dropFirst(1))
        },
        URLOption("size", "s", arity: 1...7, apply: readSize),
        URLOption("resizing_type", "rt", apply: readResizing),
        URLOption("width", "w") { (draft, arguments) throws(TransformationError) in
            draft.transformation.width = try arguments.integer(0, in: 0...GrammarLimits.sideMax)
        },
        URLOption("height", "h") { (draft, arguments) throws(TransformationError) in
            draft.transformation.height = try arguments.integer(0, in: 0...GrammarLimits.sideMax)
        },
        URLOption("min-width", "mw") { (draft, arguments) throws(TransformationError) in
            draft.transformation.minimumWidth = try arguments.integer(0, in: 0...GrammarLimits.sideMax)
        },
        URLOption("min-height", "mh") { (draft, arguments) throws(TransformationError) in
            draft.transformation.minimumHeight = try arguments.integer(0, in: 0...GrammarLimits.sideMax)
        },
        URLOption("zoom", "z", arity: 1...2) { (draft, arguments) throws(TransformationError) in
            let x = try arguments.positiveNumber(0, upTo: GrammarLimits.zoomMax)
            let y = arguments.text(1) == nil ? x : try arguments.positiveNumber(1, upTo: GrammarLimits.zoomMax)
            draft.transformation.zoomX = x
            draft.transformation.zoomY = y
        },
        URLOption("dpr") { (draft, arguments) throws(TransformationError) in
            draft.transformation.devicePixelRatio =
                try arguments.positiveNumber(0, upTo: GrammarLimits.devicePixelRatioMax)
        },
        URLOption("enlarge", "el") { (draft, arguments) throws(TransformationError) in
            draft.transformation.enlarge = try arguments.flag(0)
        },
        URLOption("extend", "ex", arity: 1...4) { (draft, arguments) throws(TransformationError) in
            draft.transformation.extend = try readExtend(arguments, keeping: draft.transformation.extend)
        },
        URLOption("extend_aspect_ratio", "extend_ar", "exar", arity: 1...4) {
            (draft, arguments) throws(TransformationError) in
            draft.transformation.extendAspectRatio =
                try readExtend(arguments, keeping: draft.transformation.extendAspectRatio)
        },
    ]

    @Sendable
    private static func readResizing(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let names = Transformation.Resizing.allCases.map(\.rawValue).joined(separator: ", ")
        let value = try arguments.required(0, names)
        guard let resizing = Transformation.Resizing(rawValue: String(value)) else {
            throw arguments.mismatch(0, names, value)
        }
        draft.transformation.resizing = resizing
    }

    /// `width:height:enlarge:extend`, each of which may be left out; `extend` brings its gravity along.
    @Sendable
    private static func readSize(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let sides = 0...GrammarLimits.sideMax
        if arguments.text(0) != nil { draft.transformation.width = try arguments.integer(0, in: sides) }
        if arguments.text(1) != nil { draft.transformation.height = try arguments.integer(1, in: sides) }
        if arguments.text(2) != nil { draft.transformation.enlarge = try arguments.flag(2) }
        guard arguments.text(3) != nil else { return }
        draft.transformation.extend = try readExtend(arguments.dropFirst(3), keeping: draft.transformation.extend)
    }

    private static func readExtend(
        _ arguments: OptionArguments,
        keeping current: Gravity?
    ) throws(TransformationError) -> Gravity? {
        let isOn = try arguments.flag(0)
        let gravity =
            arguments.text(1) == nil
            ? current ?? Gravity()
            : try arguments.gravity(from: 1, keeping: current, allowing: Gravity.Anchor.positions)
        return isOn ? gravity : nil
    }
}
