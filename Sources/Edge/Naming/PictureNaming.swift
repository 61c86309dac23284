package import DeliveryTypes
package import HTTPTypes

/// Recognises picture URLs and names them by what they ask for: canonical transformation and negotiated result.
///
/// Differently spelt URLs for one rendition share an entry, and raw `Accept` headers never multiply entries. A name is
/// given only to a URL whose signature is right and whose time is not over; all others are left to the origin, which
/// says what is wrong with them.
package struct PictureNaming: Sendable {
    package var negotiation: Negotiation
    package var defaults: RenderDefaults
    package var presets: Presets
    /// The server's watermark, which the `wm` option without a source means.
    package var watermark: SourceReference?
    /// Whether a signature fits the signed text of a request.
    package var isSigned: @Sendable (_ signature: String, _ signed: String, _ request: HTTPRequest) -> Bool

    package init(
        negotiation: Negotiation,
        defaults: RenderDefaults,
        presets: Presets,
        watermark: SourceReference?,
        isSigned: @escaping @Sendable (String, String, HTTPRequest) -> Bool
    ) {
        self.negotiation = negotiation
        self.defaults = defaults
        self.presets = presets
        self.watermark = watermark
        self.isSigned = isSigned
    }

    /// What a picture request means.
    package struct Named: Sendable {
        package var name: ResourceName
        package var source: SourceReference
        package var transformation: Transformation
        package var formats: [ImageFormat]
        package var target: RenditionTarget
    }

    /// - Returns: `nil` for what is not a rendition, or not one that may be delivered.
    package func named(_ request: HTTPRequest, url: String, nowMilliseconds: Int64) -> Named? {
        guard let target = request.path, target.hasPrefix("/img/") else { return nil }
        let signed: SignedPath
        let path: DeliveryPath
        do throws(TransformationError) {
            signed = try SignedPath(splitting: target.dropFirst("/img".utf8.count))
            path = try DeliveryPath(signed, purpose: .rendition, presets: presets)
        } catch {
            // The origin explains what is wrong with the URL.
            return nil
        }
        guard isSigned(signed.signature, signed.signedPart, request) else { return nil }
        let validUntil = path.transformation.expires.map { ($0 + 1) * 1_000 }
        if let validUntil, nowMilliseconds >= validUntil { return nil }
        let outcome = negotiation.outcome(for: path, hints: Self.hints(request), defaults: defaults)
        var transformation = outcome.transformation
        if transformation.watermark != nil, transformation.watermark?.source == nil {
            transformation.watermark?.source = watermark
        }
        let key = CacheKey(source: path.source, transformation: transformation, negotiated: outcome.formats)
        var name = ResourceName(url: url)
        // What changes the answer's fields but not its bytes keeps answers apart, too.
        name.text = "picture " + key.text + " " + Self.presentation(transformation)
        name.selecting = outcome.varyingHeaders.compactMap { HTTPField.Name($0) }
        name.validUntilMilliseconds = validUntil
        name.tags = Self.tags(path.source) + transformation.layerSources.flatMap(Self.tags)
        name.content = path.source.text
        name.isPicture = true
        name.isOpen = Self.isOpen(path.transformation)
        return Named(
            name: name,
            source: path.source,
            transformation: transformation,
            formats: outcome.formats,
            target: outcome.target
        )
    }

    /// The signed path of a request for a picture whose format its URL leaves open, if it may be delivered.
    func openPath(of request: HTTPRequest) -> SignedPath? {
        guard let target = request.path, target.hasPrefix("/img/") else { return nil }
        do throws(TransformationError) {
            let signed = try SignedPath(splitting: target.dropFirst("/img".utf8.count))
            let path = try DeliveryPath(signed, purpose: .rendition, presets: presets)
            guard Self.isOpen(path.transformation), isSigned(signed.signature, signed.signedPart, request) else {
                return nil
            }
            return signed
        } catch {
            // The origin explains what is wrong with the URL.
            return nil
        }
    }

    /// Whether an experiment may choose the format.
    private static func isOpen(_ transformation: Transformation) -> Bool {
        transformation.format == nil && !transformation.raw
    }

    private static func presentation(_ transformation: Transformation) -> String {
        let expires = transformation.expires.map(String.init) ?? "-"
        let attachment = transformation.returnAttachment ? "a" : "i"
        let filename = Array((transformation.filename ?? "").utf8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return expires + attachment + filename.joined()
    }

    private static func tags(_ source: SourceReference) -> [String] {
        let text = source.text
        guard text.hasPrefix("original://") else { return ["source:" + text] }
        return ["original:" + text.dropFirst("original://".utf8.count)]
    }

    static func hints(_ request: HTTPRequest) -> RequestHints {
        func joined(_ text: String) -> String? {
            guard let name = HTTPField.Name(text) else { return nil }
            let values = request.headerFields[values: name]
            return values.isEmpty ? nil : values.joined(separator: ",")
        }
        return RequestHints(
            accept: joined("Accept"),
            secCHDPR: joined("Sec-CH-DPR"),
            dpr: joined("DPR"),
            secCHWidth: joined("Sec-CH-Width"),
            width: joined("Width"),
            saveData: joined("Save-Data")
        )
    }
}
