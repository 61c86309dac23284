extension DeliveryPath {
    /// How a source stands in a URL.
    package enum SourceForm: Hashable, Sendable {
        /// Percent-encoded after `plain/`, with `@extension`.
        case plain
        /// URL-safe Base64, with `.extension`.
        case base64
    }

    /// The part of a URL that is signed: `/{options}/{source}{extension}`.
    ///
    /// The options are as in a URL, without slashes around them; an empty text is none. Without a format, no extension
    /// is written.
    package static func signedPart(
        options: String,
        source: SourceReference,
        format: ImageFormat? = nil,
        form: SourceForm = .plain
    ) -> String {
        let path = options.isEmpty ? "/" : "/" + options + "/"
        let name = format?.fileExtension
        switch form {
        case .plain:
            let encoded = PercentEncoding.encode(source.text) { byte in
                PercentEncoding.isUnreserved(byte) || "/:!$&'()*+,;=[]".utf8.contains(byte)
            }
            return path + "plain/" + encoded + (name.map { "@" + $0 } ?? "")
        case .base64:
            return path + Base64URL.encode(source.text.utf8) + (name.map { "." + $0 } ?? "")
        }
    }
}
