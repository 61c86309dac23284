/// An `http` or `https` URL read strictly and written in one canonical form.
///
/// What is checked (allow-list, addresses) and what is fetched must be the same thing, so the text that goes to the
/// HTTP client is always `description`, never what a stranger wrote. Refused: user information, hosts that are
/// neither a plain DNS name nor a strict IP address, ports outside 1…65535. Repaired, as browsers do: letter case of
/// scheme and host, a trailing dot, the default port, dot segments (also percent-encoded), bytes that need
/// percent-encoding. The fragment is dropped.
package struct SourceURL: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case http
        case https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    package enum Host: Hashable, Sendable {
        /// Lower-case DNS name without a trailing dot.
        case name(String)
        case address(IPAddress)
    }

    package let scheme: Scheme
    package let host: Host
    package let port: Int
    /// Path (starts with `/`) and, if there is one, `?` and the query; percent-encoded.
    package let target: String

    /// Longest text that is read, in bytes.
    package static let lengthMax = 8192

    /// - Throws: `SourceError.malformed` with the reason.
    package init(_ text: String) throws(SourceError) {
        guard text.utf8.count <= Self.lengthMax else { throw .malformed("the source URL is too long") }
        let text = Self.encode(text, keeping: 0x21...0x7e)
        guard let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw .malformed("the source URL is neither http:// nor https://") }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
        try self.init(scheme: scheme, authority: rest[..<end], pathAndQuery: rest[end...])
    }

    /// Reads a redirect's `Location`, relative to this URL (RFC 3986, section 5.2).
    ///
    /// - Throws: `SourceError.malformed` when it leads nowhere that can be fetched.
    package func following(_ location: String) throws(SourceError) -> SourceURL {
        let trimmed = Self.encode(String(location.trimmingWhitespace()), keeping: 0x21...0x7e)
        guard trimmed.utf8.count <= Self.lengthMax else { throw .malformed("the redirect is too long") }
        if let scheme = Self.schemeName(of: trimmed) {
            guard Scheme(rawValue: scheme) != nil, trimmed.dropFirst(scheme.count).hasPrefix("://") else {
                throw .malformed("the source redirects to neither http:// nor https://")
            }
            return try SourceURL(trimmed)
        }
        if trimmed.hasPrefix("//") { return try SourceURL(scheme.rawValue + ":" + trimmed) }
        let path = target.prefix { $0 != "?" }
        let merged: String
        if trimmed.hasPrefix("/") {
            merged = trimmed
        } else if trimmed.hasPrefix("?") {
            merged = path + trimmed
        } else if trimmed.isEmpty || trimmed.hasPrefix("#") {
            merged = target
        } else {
            merged = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + trimmed
        }
        return SourceURL(scheme: scheme, host: host, port: port, target: Self.canonicalTarget(merged[...]))
    }

    private init(scheme: Scheme, host: Host, port: Int, target: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target
    }

    private init(
        scheme: Scheme,
        authority: some StringProtocol,
        pathAndQuery: some StringProtocol
    ) throws(SourceError) {
        guard !authority.contains("@") else { throw .malformed("a source URL must not carry a user or password") }
        var host = authority[...]
        var port = scheme.defaultPort
        let portColon =
            authority.hasPrefix("[")
            ? authority.lastIndex(of: "]").map { authority.index(after: $0) }.flatMap { after in
                after < authority.endIndex ? after : nil
            } : authority.lastIndex(of: ":")
        if let portColon {
            guard authority[portColon] == ":", let written = Self.port(authority[authority.index(after: portColon)...])
            else { throw .malformed("the source URL's port is not a number from 1 to 65535") }
            port = written ?? scheme.defaultPort
            host = authority[..<portColon]
        }
        self.scheme = scheme
        self.host = try Self.host(String(host))
        self.port = port
        target = Self.canonicalTarget(Substring(pathAndQuery))
    }

    /// `.some(nil)` for an empty port (`http://host:/`), `nil` for a wrong one.
    private static func port(_ text: some StringProtocol) -> Int?? {
        guard !text.isEmpty else { return .some(nil) }
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard text.utf8.count <= 5, isDigits, let value = Int(text), (1...65535).contains(value) else { return nil }
        return .some(value)
    }

    private static func schemeName(of text: some StringProtocol) -> String? {
        guard let colon = text.firstIndex(where: { ":/?#".contains($0) }), text[colon] == ":", colon > text.startIndex
        else { return nil }
        return text[..<colon].lowercased()
    }
}

extension SourceURL {
    private static func host(_ text: String) throws(SourceError) -> Host {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), let address = IPAddress(text.dropFirst().dropLast()), address.width == 128
            else { throw .malformed("the source URL's host is not an IPv6 address") }
            return .address(address)
        }
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        if let address = IPAddress(name), address.width == 32 { return .address(address) }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isHostByte)
        }
        guard areLabels, name.utf8.count <= 253 else {
            throw .malformed("the source URL's host is not a plain DNS name (write other scripts as xn--…)")
        }
        guard let last = labels.last, !isNumber(last) else {
            throw .malformed("the source URL's host looks like an IPv4 address in an odd form")
        }
        return .name(name)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// A last label of digits, or of `0x` and hexadecimal digits, makes C libraries read the host as IPv4.
    private static func isNumber(_ label: Substring) -> Bool {
        if label.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) { return true }
        return label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    private static func canonicalTarget(_ text: Substring) -> String {
        let withoutFragment = text.prefix { $0 != "#" }
        let path = withoutFragment.prefix { $0 != "?" }
        let query = withoutFragment.dropFirst(path.count)
        let encoded = encode(String(path).replacing("\\", with: "/"))
        return withoutDotSegments(encoded) + encode(String(query))
    }

    /// Percent-encodes the bytes outside a range: what is left are ASCII characters, each of one byte.
    private static func encode(_ text: String, keeping kept: ClosedRange<UInt8>) -> String {
        let bytes = text.utf8.flatMap { kept.contains($0) ? [$0] : escape(of: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escape(of byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// Percent-encodes what RFC 3986 does not allow; a `%` without two hexadecimal digits becomes `%25`.
    private static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let next = bytes[(index + 1)...].prefix(2)
            let isEscape = byte == UInt8(ascii: "%") && next.count == 2 && next.allSatisfy(isHex)
            if isEscape || isTargetByte(byte) {
                result.append(byte)
            } else {
                result += escape(of: byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isHex(_ byte: UInt8) -> Bool { Character(Unicode.Scalar(byte)).isHexDigit }

    private static func isTargetByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
        }
    }

    private static func withoutDotSegments(_ path: String) -> String {
        var kept: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let segments = path.hasPrefix("/") ? parts.dropFirst() : parts[...]
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment.lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}

extension SourceURL: CustomStringConvertible {
    /// The canonical text, which is also what is fetched.
    package var description: String {
        "\(scheme)://\(authority)\(target)"
    }

    /// The host as the HTTP client and DNS take it: a name, or an address without brackets.
    package var hostText: String {
        switch host {
        case .name(let name): name
        case .address(let address): address.description
        }
    }

    private var authority: String {
        var text = hostText
        if case .address(.v6) = host { text = "[\(text)]" }
        return port == scheme.defaultPort ? text : "\(text):\(port)"
    }
}

extension StringProtocol {
    fileprivate func trimmingWhitespace() -> SubSequence {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return self[start..<end]
    }
}
