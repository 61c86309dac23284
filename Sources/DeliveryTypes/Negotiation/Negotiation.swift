/// Which rendition suits the client that asks: the format from `Accept`, size and pixel ratio from Client Hints, less
/// quality for `Save-Data`.
///
/// Values and settings in, values out. What the URL says always wins. Every outcome is part of the cache key, and
/// `varyingHeaders` names the request headers that could have led to another one.
package struct Negotiation: Hashable, Sendable {
    /// Formats that may be chosen if the client names them, the server's favourite first.
    package var formats: [ImageFormat]
    /// Whether `Sec-CH-DPR`, `Sec-CH-Width` and their old names count.
    package var usesClientHints: Bool
    /// Whether `Save-Data` counts.
    package var usesSaveData: Bool

    package init(formats: [ImageFormat] = [.avif, .webp], usesClientHints: Bool = true, usesSaveData: Bool = true) {
        self.formats = formats
        self.usesClientHints = usesClientHints
        self.usesSaveData = usesSaveData
    }

    /// The share of the server's quality that is left for a client that saves data, in per cent.
    package static let savedQualityPercent = 75

    /// What negotiation decided for one request.
    package struct Outcome: Hashable, Sendable {
        /// The URL's transformation with the client's hints worked in.
        package var transformation: Transformation
        /// Where the transformation names no format: what the client takes, best first (for `RenditionTarget`).
        package var formats: [ImageFormat]
        /// For `Vary`, in a fixed order: the headers that mattered for this URL, whatever this client sent.
        package var varyingHeaders: [String]

        /// How the result is to be encoded.
        package var target: RenditionTarget {
            transformation.format.map(RenditionTarget.format) ?? .negotiated(formats)
        }
    }

    /// What a URL asks for with the client's headers worked in; `Save-Data` lowers the qualities of `defaults`.
    package func outcome(
        for path: DeliveryPath,
        hints: RequestHints,
        defaults: RenderDefaults = RenderDefaults()
    ) -> Outcome {
        var outcome = Outcome(transformation: path.transformation, formats: [], varyingHeaders: [])
        // Raw bytes are the same for everybody.
        guard !path.transformation.raw, !path.isInformation else { return outcome }
        if path.transformation.format == nil, !formats.isEmpty {
            outcome.varyingHeaders.append("Accept")
            outcome.formats = acceptedFormats(hints.accept)
        }
        if usesClientHints { apply(hints, of: path, to: &outcome) }
        if usesSaveData, path.transformation.leavesQualityOpen {
            outcome.varyingHeaders.append("Save-Data")
            if hints.wantsLessData { lowerQuality(&outcome, defaults) }
        }
        return outcome
    }

    /// The formats of `formats` that an `Accept` header names with a weight above 0, the heaviest first.
    ///
    /// Wildcards do not count: every client sends them, also those that cannot show AVIF, WebP or JPEG XL. A format
    /// that the client likes less than JPEG is left out.
    package func acceptedFormats(_ accept: String?) -> [ImageFormat] {
        guard let accept else { return [] }
        let header = AcceptHeader(accept)
        let floor = max(header.quality(of: .jpeg), 1)
        var weighted: [(format: ImageFormat, quality: Int)] = []
        for format in formats {
            guard let quality = header.statedQuality(of: format), quality >= floor else { continue }
            // Stable: among equals, the server's order stays.
            let place = weighted.firstIndex { $0.quality < quality } ?? weighted.endIndex
            weighted.insert((format, quality), at: place)
        }
        return weighted.map(\.format)
    }

    /// The outcome of format negotiation as a short text for keys: `avif+webp`, or `any` where nothing special is
    /// taken.
    package static func formatClass(_ formats: [ImageFormat]) -> String {
        formats.isEmpty ? "any" : formats.map(\.rawValue).joined(separator: "+")
    }

    private func apply(_ hints: RequestHints, of path: DeliveryPath, to outcome: inout Outcome) {
        if !path.statesDevicePixelRatio {
            outcome.varyingHeaders += ["Sec-CH-DPR", "DPR"]
            if let ratio = hints.devicePixelRatio { outcome.transformation.devicePixelRatio = ratio }
        }
        guard path.transformation.width == 0, path.transformation.height == 0 else { return }
        outcome.varyingHeaders += ["Sec-CH-Width", "Width"]
        guard let width = hints.deviceWidth else { return }
        // The hint counts device pixels, `width` is multiplied by the ratio later.
        let scaled = (Double(width) / outcome.transformation.devicePixelRatio).rounded()
        outcome.transformation.width = Int(min(max(scaled, 1), Double(GrammarLimits.sideMax)))
    }

    private func lowerQuality(_ outcome: inout Outcome, _ defaults: RenderDefaults) {
        let lossy: [ImageFormat] = [.jpeg, .webp, .avif, .jxl]
        let format = outcome.transformation.format
        for candidate in lossy where format == nil || format == candidate {
            guard outcome.transformation.formatQuality[candidate] == nil else { continue }
            let usual = defaults.formatQuality[candidate] ?? defaults.quality
            outcome.transformation.formatQuality[candidate] = max(1, usual * Self.savedQualityPercent / 100)
        }
    }
}

extension Transformation {
    /// Whether the server's default quality would be used for some format.
    fileprivate var leavesQualityOpen: Bool { quality == 0 && autoQuality == nil && maximumBytes == 0 }
}
