/// The form of a request target and what it names (RFC 9112 section 3.2).
package enum RequestTarget: Hashable, Sendable {
    /// `/path?query`
    case origin(path: String)
    /// `http://host/path?query`: its authority counts, not `Host` (section 3.2.2). The scheme is in lower case.
    case absolute(scheme: String, authority: String, path: String)
    /// `host:port`, of CONNECT only.
    case authority(String)
    /// `*`, of OPTIONS only.
    case asterisk

    /// The longest target, in bytes; longer ones are 414.
    package static let bytesMax = 8_192

    /// Reads a target as it stood in the request line; `nil` if the method doesn't allow the form, or it is none: 400.
    ///
    /// No user information, fragment, space or control character is accepted.
    package init?(_ text: String, method: String) {
        guard !text.isEmpty, text.utf8.count <= Self.bytesMax,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") })
        else { return nil }
        if method == "CONNECT" {
            guard let colon = text.lastIndex(of: ":"), colon != text.startIndex, Self.isAuthority(text),
                let port = UInt16(text[text.index(after: colon)...]), port > 0
            else { return nil }
            self = .authority(text)
        } else if text == "*" {
            guard method == "OPTIONS" else { return nil }
            self = .asterisk
        } else if text.hasPrefix("/") {
            self = .origin(path: text)
        } else {
            let reference = URIReference(text)
            guard let scheme = reference.scheme, scheme == "http" || scheme == "https",
                let authority = reference.authority, Self.isAuthority(authority)
            else { return nil }
            let path = reference.path.isEmpty ? "/" : reference.path
            self = .absolute(
                scheme: scheme,
                authority: authority,
                path: path + (reference.query.map { "?" + $0 } ?? "")
            )
        }
    }

    /// Whether a text is `host` or `host:port`, without user information (RFC 9110 section 4.2.4).
    package static func isAuthority(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.first != UInt8(ascii: ":") else { return false }
        return text.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
                || "-._~!$&'()*+,;=:[]%".utf8.contains(byte)
        }
    }
}
