/// A URI reference taken apart (RFC 3986 section 4.1), as far as same-origin resolution needs it.
package struct URIReference: Hashable, Sendable {
    /// Lower case; `nil` if relative.
    package var scheme: String?
    package var authority: String?
    package var path: String
    /// Without the question mark.
    package var query: String?

    /// Takes any text apart (RFC 3986 appendix B); the fragment is dropped.
    package init(_ text: String) {
        var rest = Substring(text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? "")
        if let colon = rest.firstIndex(of: ":"), Self.isScheme(rest[..<colon]) {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: "?")
        path = String(rest[..<(mark ?? rest.endIndex)])
        query = mark.map { String(rest[rest.index(after: $0)...]) }
    }

    /// The origin-form target it names from a request for `path` (with query) at a scheme and an authority; `nil` if
    /// it has another origin (RFC 3986 section 5.2, RFC 9110 section 4.3.1).
    package func resolved(scheme: String, authority: String, path requestPath: String) -> String? {
        let ownScheme = scheme.lowercased()
        if let own = self.scheme, own != ownScheme { return nil }
        if self.scheme != nil, self.authority == nil { return nil }
        if let other = self.authority, !Self.isSame(other, authority, scheme: ownScheme) { return nil }
        let current = URIReference("//x" + requestPath)
        if self.authority == nil, path.isEmpty {
            return Self.target(current.path, query ?? current.query)
        }
        if self.authority != nil || path.hasPrefix("/") { return Self.target(Self.withoutDots(path), query) }
        let folder = current.path.lastIndex(of: "/").map { current.path[...$0] } ?? "/"
        return Self.target(Self.withoutDots(folder + path), query)
    }

    private static func target(_ path: String, _ query: String?) -> String {
        (path.isEmpty ? "/" : path) + (query.map { "?" + $0 } ?? "")
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else { return false }
        return text.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2B
                || byte == 0x2D || byte == 0x2E
        }
    }

    /// Whether two authorities are one, letter case and default port aside.
    private static func isSame(_ one: String, _ other: String, scheme: String) -> Bool {
        let port = scheme == "https" ? ":443" : ":80"
        func normal(_ text: String) -> String {
            let low = text.lowercased()
            return low.hasSuffix(port) ? String(low.dropLast(port.count)) : low
        }
        return normal(one) == normal(other)
    }

    /// The path without `.` and `..` segments (RFC 3986 section 5.2.4).
    static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(
            path.hasPrefix("/") ? 1 : 0
        )
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
