/// A delivery path taken apart only as far as checking its signature needs.
///
/// Checking it before anything else is read keeps unsigned requests cheap and tells them nothing.
package struct SignedPath: Hashable, Sendable {
    /// As received; `unsafe` or anything else where signatures are not checked.
    package let signature: String
    /// What was signed: `/` and everything after the signature.
    ///
    /// As received, but for one thing that imgproxy does, too: where a proxy on the way merged slashes,
    /// `plain/https:/host` is put right again.
    package let signedPart: String

    /// Takes apart `/{signature}/{options…}/{source}`, percent-encoded, without the `/img` or `/info` in front.
    ///
    /// A query is not part of the path and is ignored.
    package init(splitting path: some StringProtocol) throws(TransformationError) {
        guard path.utf8.count <= GrammarLimits.pathBytesMax else {
            throw TransformationError(
                option: "path",
                reason: "it has \(path.utf8.count) bytes, more than \(GrammarLimits.pathBytesMax)"
            )
        }
        var rest = Substring(path)
        if let query = rest.utf8.firstIndex(of: UInt8(ascii: "?")) { rest = rest[..<query] }
        guard !rest.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw TransformationError(option: "path", reason: "it holds a space or a control character")
        }
        if rest.utf8.first == UInt8(ascii: "/") { rest = Substring(rest.utf8.dropFirst()) }
        guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")), slash != rest.startIndex,
            rest.utf8.index(after: slash) != rest.endIndex
        else {
            throw TransformationError(
                option: "path",
                reason: "expected /{signature}/{options}/plain/{source}@{extension} or the Base64 form"
            )
        }
        signature = String(rest[..<slash])
        signedPart = Self.withSlashesRestored(rest[slash...])
    }

    private static func withSlashesRestored(_ part: Substring) -> String {
        let utf8 = part.utf8
        guard let source = startOfPlainSource(utf8) else { return String(part) }
        let scheme = utf8[source...].prefix { isSchemeCharacter($0) }
        let after = utf8[scheme.endIndex...]
        let beyond = after.dropFirst(2)
        guard !scheme.isEmpty, after.starts(with: ":/".utf8), let next = beyond.first, next != UInt8(ascii: "/") else {
            return String(part)
        }
        let slashes = scheme.elementsEqual("local".utf8) ? ":///" : "://"
        return String(part[..<scheme.endIndex]) + slashes + String(part[beyond.startIndex...])
    }

    /// Where the text after the first `/plain/` begins.
    private static func startOfPlainSource(_ utf8: Substring.UTF8View) -> Substring.Index? {
        var rest = utf8[...]
        while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
            rest = rest[slash...].dropFirst()
            if rest.starts(with: "plain/".utf8) { return rest.dropFirst(6).startIndex }
        }
        return nil
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
