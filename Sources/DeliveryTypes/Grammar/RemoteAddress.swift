/// The normal form of an `http` or `https` address, so that one resource has one cache key and a list of allowed
/// addresses can be compared by prefix.
///
/// Scheme and host are in small letters, the scheme's own port and the fragment are dropped, an empty path is `/`, and
/// what may not stand in a URL (spaces, letters outside ASCII, a stray `%`, …) is percent-encoded. Nothing is decoded
/// and no path segment is resolved: the server there decides what its paths mean.
enum RemoteAddress {
    /// The normal form of `scheme` (in small letters), `://` and `address`; an error names `option`.
    static func normalized(
        _ scheme: String,
        _ address: Substring,
        _ option: Substring
    ) throws(TransformationError) -> String {
        // Bytes, not characters: a combining mark must not hide a slash.
        let authority = Substring(address.utf8.prefix { !"/?#".utf8.contains($0) })
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw TransformationError(option: option, reason: "a user name in the address is not accepted")
        }
        let (host, port) = try split(authority, option)
        var rest = Substring(address[authority.endIndex...].utf8.prefix { $0 != UInt8(ascii: "#") })
        var url = scheme + "://" + host
        if let port, port != (scheme == "https" ? 443 : 80) { url += ":\(port)" }
        if rest.utf8.first != UInt8(ascii: "/") { url += "/" }
        while let percent = rest.utf8.firstIndex(of: UInt8(ascii: "%")) {
            url += encoded(rest[..<percent])
            let digits = rest.utf8[percent...].dropFirst().prefix(2)
            let isEscape = digits.count == 2 && digits.allSatisfy { PercentEncoding.digit($0) != nil }
            url += isEscape ? "%" : "%25"
            rest = rest[rest.utf8.index(after: percent)...]
        }
        return url + encoded(rest)
    }

    private static func split(
        _ authority: Substring,
        _ option: Substring
    ) throws(TransformationError) -> (host: String, port: Int?) {
        let end: Substring.Index
        if authority.utf8.first == UInt8(ascii: "[") {
            guard let bracket = authority.utf8.firstIndex(of: UInt8(ascii: "]")) else {
                throw TransformationError(option: option, reason: "the IPv6 address has no closing bracket")
            }
            end = authority.utf8.index(after: bracket)
        } else {
            end = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        }
        let host = authority[..<end]
        let isHost = host.utf8.allSatisfy(authority.utf8.first == UInt8(ascii: "[") ? isIPv6 : isNameCharacter)
        guard !host.isEmpty, host.utf8.count <= 255, isHost else {
            throw TransformationError(
                option: option,
                reason: "\(TransformationError.quoted(host)) is not a host name (letters outside ASCII need Punycode)"
            )
        }
        let suffix = authority[end...]
        guard !suffix.isEmpty, suffix != ":" else { return (host.lowercased(), nil) }
        let digits = Substring(suffix.utf8.dropFirst())
        guard suffix.utf8.first == UInt8(ascii: ":"), digits.utf8.count <= 5,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else {
            throw TransformationError(
                option: option,
                reason: "\(TransformationError.quoted(suffix)) is not a port"
            )
        }
        return (host.lowercased(), port)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: "~")
    }

    private static func isIPv6(_ byte: UInt8) -> Bool {
        PercentEncoding.digit(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }

    /// Keeps what RFC 3986 lets stand in a path or query.
    private static func encoded(_ text: Substring) -> String {
        PercentEncoding.encode(text) { byte in
            PercentEncoding.isUnreserved(byte) || "!$&'()*+,;=:@/?[]".utf8.contains(byte)
        }
    }
}
