import JSON

/// An address as browsers read it (WHATWG URL Standard), as far as targeting needs it.
///
/// Not here: drive letters of `file:` addresses, and the mapping tables of international names beyond lower case.
package struct WebURL: Sendable {
    let scheme: String
    let username: String
    let password: String
    /// `nil` for an address without an authority.
    let host: String?
    /// `nil` for the scheme's own.
    let port: UInt16?
    let path: String
    let query: String?
    let fragment: String?

    /// What addresses without scheme and host are completed with.
    static let placeholder = WebURL(
        scheme: "https",
        username: "",
        password: "",
        host: "_",
        port: nil,
        path: "/",
        query: nil,
        fragment: nil
    )

    static let defaultPorts: [String: UInt16] = ["http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21]

    static func isSpecial(_ scheme: String) -> Bool {
        defaultPorts[scheme] != nil || scheme == "file"
    }

    /// The whole address.
    package var href: String {
        var text = scheme + ":"
        if let host {
            text += "//"
            if !username.isEmpty || !password.isEmpty {
                text += username + (password.isEmpty ? "" : ":" + password) + "@"
            }
            text += host + (port.map { ":\($0)" } ?? "")
        } else if path.hasPrefix("//") {
            text += "/."
        }
        return text + path + (query.map { "?" + $0 } ?? "") + (fragment.map { "#" + $0 } ?? "")
    }

    /// Scheme, host and port; `null` where an address has no such origin.
    package var origin: String {
        guard Self.defaultPorts[scheme] != nil else { return "null" }
        return scheme + "://" + hostAndPort
    }

    package var hostAndPort: String {
        (host ?? "") + (port.map { ":\($0)" } ?? "")
    }

    /// With its `#`; empty for none and for an empty one.
    package var hash: String {
        fragment.map { $0.isEmpty ? "" : "#" + $0 } ?? ""
    }

    /// The query's parameters, decoded (`application/x-www-form-urlencoded`).
    package var parameters: [(name: String, value: String)] {
        (query ?? "").utf8.split(separator: 0x26).map { pair in
            let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring.UTF8View) -> String {
        String(decoding: PercentEncoding.decoded(text.map { $0 == 0x2B ? 0x20 : $0 }), as: UTF8.self)
    }
}
