extension SourceReference {
    /// Reads a source as it stands in a URL, after percent- or Base64-decoding.
    ///
    /// Different spellings of one source become equal: see `RemoteAddress` for `http` and `https`.
    /// - Throws: `TransformationError` naming `option`.
    package init(parsing text: String, option: Substring = "source") throws(TransformationError) {
        guard !text.isEmpty else { throw TransformationError(option: option, reason: "it is empty") }
        guard text.utf8.count <= GrammarLimits.sourceBytesMax else {
            throw TransformationError(
                option: option,
                reason: "the address has more than \(GrammarLimits.sourceBytesMax) bytes"
            )
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw TransformationError(option: option, reason: "the address holds a control character")
        }
        let scheme = text.prefix { $0 != ":" && $0 != "/" }
        let rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix("://") else {
            throw TransformationError(
                option: option,
                reason: "\(TransformationError.quoted(text)) has no scheme; expected \(Self.schemes)"
            )
        }
        let address = rest.dropFirst(3)
        switch scheme.lowercased() {
        case "original": self = try .original(Self.digest(address, option))
        case "local": self = try .local(Self.localPath(address, option))
        case "s3": self = try Self.object(address, option)
        case "http", "https": self = try .remote(RemoteAddress.normalized(scheme.lowercased(), address, option))
        default:
            throw TransformationError(
                option: option,
                reason: "the scheme \(TransformationError.quoted(scheme)) is not known; expected \(Self.schemes)"
            )
        }
    }

    /// The text that reads back as this reference.
    package var text: String {
        switch self {
        case .original(let digest): "original://" + digest.hex
        case .remote(let url): url
        case .local(let path): "local:///" + path
        case .object(let bucket, let key): "s3://" + bucket + "/" + key
        }
    }

    private static let schemes = "original://, http://, https://, s3:// or local:///"

    private static func digest(
        _ address: Substring,
        _ option: Substring
    ) throws(TransformationError) -> ContentDigest {
        guard let digest = ContentDigest(hex: address) else {
            throw TransformationError(option: option, reason: "original:// is followed by 64 hexadecimal digits")
        }
        return digest
    }

    /// A path below the server's folder: no way out of it, and one spelling for one file.
    private static func localPath(
        _ address: Substring,
        _ option: Substring
    ) throws(TransformationError) -> String {
        guard address.utf8.first == UInt8(ascii: "/") else {
            throw TransformationError(option: option, reason: "a local file is written local:///folder/file")
        }
        let segments = address.split(at: UInt8(ascii: "/")).filter { !$0.isEmpty }
        guard !segments.isEmpty, address.utf8.last != UInt8(ascii: "/") else {
            throw TransformationError(option: option, reason: "local:/// is followed by a file's path")
        }
        try refuseDots(segments, option)
        return segments.joined(separator: "/")
    }

    private static func object(
        _ address: Substring,
        _ option: Substring
    ) throws(TransformationError) -> SourceReference {
        let segments = address.split(at: UInt8(ascii: "/"))
        let bucket = segments[0]
        let key = segments.dropFirst().joined(separator: "/")
        let isBucket = bucket.utf8.allSatisfy { byte in
            PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: "~")
        }
        guard !bucket.isEmpty, bucket.utf8.count <= 255, isBucket, bucket != ".", bucket != "..", !key.isEmpty else {
            throw TransformationError(option: option, reason: "an object is written s3://bucket/key")
        }
        try refuseDots(segments, option)
        return .object(bucket: String(bucket), key: key)
    }

    private static func refuseDots(
        _ segments: [Substring],
        _ option: Substring
    ) throws(TransformationError) {
        guard !segments.contains(where: { $0 == "." || $0 == ".." }) else {
            throw TransformationError(option: option, reason: "the path has a . or .. segment")
        }
    }
}
