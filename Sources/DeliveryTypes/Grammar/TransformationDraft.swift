/// A transformation while its URL is being read: the state that the option table changes.
struct TransformationDraft {
    var transformation = Transformation()
    /// What an information URL asks for.
    var information = InformationRequest()
    /// From `wmu`, which may come before or after `wm`.
    var watermarkSource: SourceReference?
    /// Whether `dpr` was written, even as 1: then a client's hint does not count.
    private(set) var statesDevicePixelRatio = false

    private let purpose: DeliveryPath.Purpose
    private let presets: Presets
    private var optionsApplied = 0
    /// Names of the presets being applied, outermost first.
    private var openPresets: [Substring] = []

    /// An empty transformation to which `default`, where there is such a preset, has been applied.
    init(purpose: DeliveryPath.Purpose, presets: Presets) throws(TransformationError) {
        self.purpose = purpose
        self.presets = presets
        if purpose == .rendition, presets.hasDefault { try applyPreset("default", writtenAs: "preset") }
    }

    /// An empty transformation, for trying out presets one by one.
    init(withoutDefaultFrom presets: Presets) {
        self.purpose = .rendition
        self.presets = presets
    }

    /// Applies `name:argument:argument…`.
    mutating func apply(_ option: Substring) throws(TransformationError) {
        let parts = option.split(at: UInt8(ascii: ":"))
        let name = parts[0]
        optionsApplied += 1
        guard optionsApplied <= GrammarLimits.optionsMax else {
            throw TransformationError(
                option: name,
                reason: "a URL has at most \(GrammarLimits.optionsMax) options, those of presets included"
            )
        }
        guard let entry = entry(named: name) else {
            throw TransformationError(option: name, reason: "there is no such option")
        }
        guard parts.count > 1 else {
            throw TransformationError(option: name, reason: "it needs arguments, \(name):…")
        }
        let count = parts.count - 1
        guard entry.arity.contains(count) else {
            let bounds = entry.arity
            let expected =
                bounds.lowerBound == bounds.upperBound
                ? "\(bounds.lowerBound)" : "\(bounds.lowerBound) to \(bounds.upperBound)"
            throw TransformationError(
                option: name,
                reason: "it takes \(expected) \(bounds.upperBound == 1 ? "argument" : "arguments"), not \(count)"
            )
        }
        if name == "dpr" { statesDevicePixelRatio = true }
        try entry.apply(&self, OptionArguments(parts: parts))
    }

    /// Applies the options of a preset where its name stands.
    mutating func applyPreset(_ preset: Substring, writtenAs option: Substring) throws(TransformationError) {
        guard let options = presets.options(of: preset) else {
            throw TransformationError(
                option: option,
                reason: "there is no preset \(TransformationError.quoted(preset))"
            )
        }
        guard !openPresets.contains(preset) else {
            throw TransformationError(
                option: option,
                reason: "the preset \(TransformationError.quoted(preset)) includes itself"
            )
        }
        guard openPresets.count < GrammarLimits.presetDepthMax else {
            throw TransformationError(
                option: option,
                reason: "presets include one another more than \(GrammarLimits.presetDepthMax) deep"
            )
        }
        openPresets.append(preset)
        for text in options { try apply(text) }
        openPresets.removeLast()
    }

    /// The transformation, after the checks that need all options.
    func finished(format name: Substring? = nil) throws(TransformationError) -> Transformation {
        var finished = transformation
        if let name, !name.isEmpty, !finished.raw {
            guard let format = ImageFormat(name: name) else {
                throw TransformationError(
                    option: "extension",
                    reason: "\(TransformationError.quoted(name)) is not a picture format"
                )
            }
            finished.format = format
        }
        finished.watermark?.source = watermarkSource
        if let format = finished.format, !format.isWritable, !finished.raw, !finished.skipProcessing.contains(format) {
            throw TransformationError(
                option: name?.isEmpty ?? true ? "format" : "extension",
                reason: "\(format.rawValue) pictures are read, not written"
            )
        }
        return finished
    }

    private func entry(named name: Substring) -> URLOption? {
        switch purpose {
        case .rendition: URLOption.renditionByName[String(name)]
        case .information: URLOption.informationByName[String(name)]
        }
    }
}

extension Substring {
    /// The pieces between occurrences of an ASCII character, empty ones included.
    func split(at separator: UInt8) -> [Substring] {
        utf8.split(separator: separator, omittingEmptySubsequences: false).map(Substring.init)
    }
}
