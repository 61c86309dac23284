extension URLOption {
    /// How the answer is made and sent.
    static let delivery: [URLOption] =
        sharedDelivery + [
            URLOption("skip_processing", "skp", arity: 1...GrammarLimits.argumentsMax) {
                (draft, arguments) throws(TransformationError) in
                for position in 0..<arguments.count {
                    draft.transformation.skipProcessing.insert(try arguments.format(position))
                }
            },
            URLOption("raw") { (draft, arguments) throws(TransformationError) in
                draft.transformation.raw = try arguments.flag(0)
            },
            URLOption("filename", "fn", arity: 1...2, apply: readFilename),
            URLOption("return_attachment", "att") { (draft, arguments) throws(TransformationError) in
                draft.transformation.returnAttachment = try arguments.flag(0)
            },
        ]

    /// What renditions and information have in common.
    static let sharedDelivery: [URLOption] = [
        URLOption("cachebuster", "cb", apply: readCacheBuster),
        URLOption("expires", "exp") { (draft, arguments) throws(TransformationError) in
            let time = arguments.text(0) == nil ? 0 : try arguments.integer(0, in: 0...GrammarLimits.expiresMax)
            draft.transformation.expires = time == 0 ? nil : Int64(time)
        },
    ]

    /// Bounds that a URL sets for itself; 0 and nothing take the server's.
    static let limits: [URLOption] = [
        URLOption("max_src_resolution", "msr") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumSourceResolution = try readMegapixels(arguments)
        },
        URLOption("max_src_file_size", "msfs") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumSourceBytes = try readBound(arguments, upTo: GrammarLimits.bytesMax)
        },
        URLOption("max_animation_frames", "maf") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumAnimationFrames = try readBound(arguments, upTo: GrammarLimits.pageMax)
        },
        URLOption("max_animation_frame_resolution", "mafr") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumAnimationFrameResolution = try readMegapixels(arguments)
        },
        URLOption("max_result_dimension", "mrd") { (draft, arguments) throws(TransformationError) in
            draft.transformation.maximumResultDimension = try readBound(arguments, upTo: GrammarLimits.sideMax)
        },
    ]

    static let preset = URLOption("preset", "pr", arity: 1...GrammarLimits.argumentsMax) {
        (draft, arguments) throws(TransformationError) in
        for position in 0..<arguments.count {
            try draft.applyPreset(try arguments.required(position, "a preset's name"), writtenAs: arguments.name)
        }
    }

    private static func readBound(
        _ arguments: OptionArguments,
        upTo maximum: Int
    ) throws(TransformationError) -> Int? {
        guard arguments.text(0) != nil else { return nil }
        let bound = try arguments.integer(0, in: 0...maximum)
        return bound == 0 ? nil : bound
    }

    private static func readMegapixels(_ arguments: OptionArguments) throws(TransformationError) -> Double? {
        guard arguments.text(0) != nil else { return nil }
        let bound = try arguments.number(0, in: 0...GrammarLimits.megapixelsMax)
        return bound == 0 ? nil : bound
    }

    /// Kept as written, and only as visible ASCII: it becomes a part of cache keys.
    @Sendable
    private static func readCacheBuster(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        guard let value = arguments.text(0) else {
            draft.transformation.cacheBuster = nil
            return
        }
        let isVisible = value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, value.utf8.count <= GrammarLimits.cacheBusterBytesMax else {
            let expected = "at most \(GrammarLimits.cacheBusterBytesMax) visible ASCII characters"
            throw arguments.mismatch(0, expected, value)
        }
        draft.transformation.cacheBuster = String(value)
    }

    /// `name:encoded`: percent-encoded, or URL-safe Base64 where the second argument says so.
    @Sendable
    private static func readFilename(
        _ draft: inout TransformationDraft,
        _ arguments: OptionArguments
    ) throws(TransformationError) {
        guard let value = arguments.text(0) else {
            draft.transformation.filename = nil
            return
        }
        let isEncoded = arguments.text(1) == nil ? false : try arguments.flag(1)
        let decoded = isEncoded ? Base64URL.decodeText(value.utf8) : PercentEncoding.decode(value)
        guard let name = decoded, !name.isEmpty else {
            throw arguments.mismatch(0, isEncoded ? "a name in URL-safe Base64" : "a percent-encoded name", value)
        }
        guard name.utf8.count <= GrammarLimits.filenameBytesMax else {
            throw arguments.error("the name has more than \(GrammarLimits.filenameBytesMax) bytes")
        }
        let isUnsafe = name.unicodeScalars.contains { scalar in
            scalar == "/" || scalar == "\\" || scalar.properties.generalCategory == .control
        }
        guard !isUnsafe else { throw arguments.error("the name holds a slash or a control character") }
        draft.transformation.filename = name
    }
}
