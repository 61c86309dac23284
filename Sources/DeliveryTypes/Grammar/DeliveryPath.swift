/// A delivery URL, understood: which picture, and what is to be done with it.
///
/// The grammar is imgproxy's (`docs/formats/url.md`), so that its client libraries work unchanged. Reading one costs a
/// few microseconds and is bounded by `GrammarLimits`; it does no I/O and knows no pictures. A URL that cannot be read
/// gives a `TransformationError` that names the option.
package struct DeliveryPath: Hashable, Sendable {
    /// What is asked for: a picture (`/img`), or facts about one (`/info`).
    package enum Purpose: Hashable, Sendable {
        case rendition
        case information
    }

    /// The signature and the bytes that it signs.
    package let signed: SignedPath
    /// For an information URL, only what it shares with renditions: expiry, cache buster, page and limits.
    package let transformation: Transformation
    package let source: SourceReference
    /// What an information URL asks for; `nil` for a rendition.
    package let information: InformationRequest?
    /// Whether the URL (or a preset) says `dpr`, even `dpr:1`: then a client's hint does not count.
    package let statesDevicePixelRatio: Bool

    package var signature: String { signed.signature }
    package var signedPart: String { signed.signedPart }
    package var isInformation: Bool { information != nil }

    /// Reads a path whose signature has been checked.
    package init(
        _ signed: SignedPath,
        purpose: Purpose = .rendition,
        presets: Presets = .none
    ) throws(TransformationError) {
        let segments = Substring(signed.signedPart.utf8.dropFirst()).split(at: UInt8(ascii: "/"))
        var draft = try TransformationDraft(purpose: purpose, presets: presets)
        var position = 0
        while position < segments.count, segments[position].utf8.contains(UInt8(ascii: ":")) {
            try draft.apply(segments[position])
            position += 1
        }
        let (source, format) = try Self.source(segments[position...])
        self.signed = signed
        self.source = source
        // An information URL has no result format; imgproxy's clients may still append one.
        transformation = try draft.finished(format: purpose == .rendition ? format : nil)
        information = purpose == .information ? draft.information : nil
        statesDevicePixelRatio = draft.statesDevicePixelRatio
    }

    /// Reads `/{signature}/{options…}/plain/{source}@{extension}` or the Base64 form, without checking the signature.
    package init(
        parsing path: some StringProtocol,
        purpose: Purpose = .rendition,
        presets: Presets = .none
    ) throws(TransformationError) {
        try self.init(SignedPath(splitting: path), purpose: purpose, presets: presets)
    }

    private typealias SourceAndFormat = (source: SourceReference, format: Substring?)

    /// Reads what follows the options.
    private static func source(_ segments: ArraySlice<Substring>) throws(TransformationError) -> SourceAndFormat {
        guard let first = segments.first else {
            throw TransformationError(option: "source", reason: "the path ends before a source")
        }
        switch first {
        case "plain": return try plainSource(segments.dropFirst())
        case "enc": throw TransformationError(option: "source", reason: "encrypted sources are not supported")
        default: return try encodedSource(segments)
        }
    }

    /// `{percent-encoded source}@{extension}`; the last `@` counts, and `%40` is one that belongs to the source.
    private static func plainSource(_ segments: ArraySlice<Substring>) throws(TransformationError) -> SourceAndFormat {
        guard let first = segments.first, let last = segments.last else {
            throw TransformationError(option: "source", reason: "nothing follows plain/")
        }
        // The segments are neighbours in one text.
        var encoded = Substring(first.base[first.startIndex..<last.endIndex])
        var format: Substring?
        if let at = encoded.utf8.lastIndex(of: UInt8(ascii: "@")) {
            format = encoded[encoded.utf8.index(after: at)...]
            encoded = encoded[..<at]
        }
        guard let text = PercentEncoding.decode(encoded) else {
            throw TransformationError(
                option: "source",
                reason: "\(TransformationError.quoted(encoded)) is not percent-encoded UTF-8 (write a % as %25)"
            )
        }
        if let format, format.utf8.contains(where: { !PercentEncoding.isUnreserved($0) }) {
            throw TransformationError(
                option: "extension",
                reason: "\(TransformationError.quoted(format)) is not a format (write an @ of the source as %40)"
            )
        }
        return (try SourceReference(parsing: text), format)
    }

    /// `{Base64url source}.{extension}`, cut by `/` wherever its maker liked.
    private static func encodedSource(
        _ segments: ArraySlice<Substring>
    ) throws(TransformationError) -> SourceAndFormat {
        let parts = Substring(segments.joined(separator: "")).split(at: UInt8(ascii: "."))
        guard parts.count <= 2 else {
            throw TransformationError(option: "extension", reason: "the path names more than one")
        }
        guard !parts[0].isEmpty else { throw TransformationError(option: "source", reason: "it is empty") }
        guard let text = Base64URL.decodeText(parts[0].utf8) else { throw notASource(segments) }
        return (try SourceReference(parsing: text), parts.count == 2 ? parts[1] : nil)
    }

    /// The error for a segment that is neither an option nor Base64: most likely a mistyped option.
    private static func notASource(_ segments: ArraySlice<Substring>) -> TransformationError {
        let first = segments.first { !$0.isEmpty } ?? ""
        if Transformation.Resizing(rawValue: String(first)) != nil {
            return TransformationError(option: first, reason: "the old URL form without option names is not read")
        }
        if first.utf8.contains(UInt8(ascii: "%")) {
            return TransformationError(option: first, reason: "options are written without percent-encoding")
        }
        if segments.dropFirst().contains(where: { $0 == "plain" || $0.utf8.contains(UInt8(ascii: ":")) }) {
            return TransformationError(option: first, reason: "it is neither an option (name:argument) nor a source")
        }
        return TransformationError(
            option: "source",
            reason: "\(TransformationError.quoted(first)) is not URL-safe Base64 of an address"
        )
    }
}
