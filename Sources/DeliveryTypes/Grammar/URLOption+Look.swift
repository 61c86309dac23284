extension URLOption {
    /// Colours and filters.
    static let look: [URLOption] = [
        URLOption("background", "bg", arity: 1...3, apply: readBackground),
        URLOption("background_alpha", "bga") { (draft, arguments) throws(TransformationError) in
            draft.transformation.backgroundAlpha = try arguments.number(0, in: 0...1)
        },
        URLOption("blur", "bl") { (draft, arguments) throws(TransformationError) in
            draft.transformation.blur = try arguments.number(0, in: 0...GrammarLimits.sigmaMax)
        },
        URLOption("sharpen", "sh") { (draft, arguments) throws(TransformationError) in
            draft.transformation.sharpen = try arguments.number(0, in: 0...GrammarLimits.sigmaMax)
        },
        URLOption("pixelate", "pix") { (draft, arguments) throws(TransformationError) in
            draft.transformation.pixelate = try arguments.integer(0, in: 0...GrammarLimits.pixelateMax)
        },
    ]

    @Sendable
    private static func readBackground(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        switch arguments.count {
        case 1:
            draft.transformation.background = arguments.text(0) == nil ? nil : try arguments.color(0)
        case 3:
            draft.transformation.background = Color(
                red: UInt8(try arguments.integer(0, in: 0...255)),
                green: UInt8(try arguments.integer(1, in: 0...255)),
                blue: UInt8(try arguments.integer(2, in: 0...255))
            )
        default: throw arguments.error("it takes one hexadecimal colour, or red, green and blue")
        }
    }
}
