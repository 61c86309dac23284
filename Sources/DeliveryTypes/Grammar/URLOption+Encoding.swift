extension URLOption {
    /// What of the source's metadata stays.
    static let metadata: [URLOption] = [
        URLOption("strip_metadata", "sm") { (draft, arguments) throws(TransformationError) in
            draft.transformation.stripMetadata = try arguments.flag(0)
        },
        URLOption("keep_copyright", "kcr") { (draft, arguments) throws(TransformationError) in
            draft.transformation.keepCopyright = try arguments.flag(0)
        },
        URLOption("strip_color_profile", "scp") { (draft, arguments) throws(TransformationError) in
            draft.transformation.stripColorProfile = try arguments.flag(0)
        },
        URLOption("enforce_thumbnail", "eth") { (draft, arguments) throws(TransformationError) in
            draft.transformation.enforceThumbnail = try arguments.flag(0)
        },
    ]

    /// How the result is encoded, and which of the source's frames are.
    static let encoding: [URLOption] = [
        URLOption("quality", "q") { (draft, arguments) throws(TransformationError) in
            draft.transformation.quality = try arguments.integer(0, in: 0...100)
        },
        URLOption("format_quality", "fq", arity: 2...GrammarLimits.argumentsMax, apply: readFormatQuality),
        URLOption("autoquality", "aq", arity: 1...5, apply: readAutoQuality),
        URLOption("max_bytes", "mb") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumBytes = try arguments.integer(0, in: 0...GrammarLimits.bytesMax)
        },
        URLOption("format", "f", "ext") { (draft, arguments) throws(TransformationError) in
            draft.transformation.format = try arguments.format(0)
        },
        page,
        URLOption("pages", "pgs") { (draft, arguments) throws(TransformationError) in
            draft.transformation.pageCount = try arguments.integer(0, in: 0...GrammarLimits.pageMax)
        },
        URLOption("disable_animation", "da") { (draft, arguments) throws(TransformationError) in
            draft.transformation.disableAnimation = try arguments.flag(0)
        },
    ]

    static let page = URLOption("page", "pg") { (draft, arguments) throws(TransformationError) in
        draft.transformation.page = try arguments.integer(0, in: 0...GrammarLimits.pageMax)
    }

    @Sendable
    private static func readFormatQuality(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        guard arguments.count.isMultiple(of: 2) else {
            throw arguments.error("every format needs a quality: format:quality:format:quality…")
        }
        for position in stride(from: 0, to: arguments.count, by: 2) {
            let quality = try arguments.integer(position + 1, in: 0...100)
            draft.transformation.formatQuality[try arguments.format(position)] = quality == 0 ? nil : quality
        }
    }

    @Sendable
    private static func readAutoQuality(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        let method = try readAutoQualityMethod(arguments)
        guard let method else {
            draft.transformation.autoQuality = nil
            return
        }
        var search = Transformation.AutoQuality(method: method, target: 0)
        switch method {
        case .dssim:
            search.target = arguments.text(1) == nil ? 0.02 : try arguments.positiveNumber(1, upTo: 1)
        case .size:
            search.target = Double(try arguments.integer(1, in: 1...GrammarLimits.bytesMax))
        }
        if arguments.text(2) != nil { search.minimumQuality = try arguments.integer(2, in: 1...100) }
        if arguments.text(3) != nil { search.maximumQuality = try arguments.integer(3, in: 1...100) }
        if arguments.text(4) != nil { search.allowedError = try arguments.number(4, in: 0...1) }
        guard search.minimumQuality <= search.maximumQuality else {
            throw arguments.error(
                "the least quality (\(search.minimumQuality)) is above the greatest (\(search.maximumQuality))"
            )
        }
        draft.transformation.autoQuality = search
    }

    /// `nil` for `none`.
    private static func readAutoQualityMethod(
        _ arguments: OptionArguments
    ) throws(TransformationError) -> Transformation.AutoQuality.Method? {
        switch arguments.text(0) {
        case nil, "dssim": return .dssim
        case "size": return .size
        case "none": return nil
        case let other?: throw arguments.mismatch(0, "none, dssim or size", other)
        }
    }
}
