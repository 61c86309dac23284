/// One member of `Cache-Status`: how a cache handled a request (RFC 9211).
package struct CacheStatus: Hashable, Sendable {
    /// The cache's name: a token such as `vitrine`, or anything else, which is then quoted.
    package var cache: String
    package var isHit = false
    package var forward: ForwardReason?
    /// The upstream's status, where it differs from what the client gets.
    package var forwardStatus: Int?
    /// Seconds of freshness left, negative if stale; `nil` if unknown.
    package var ttlSeconds: Int64?
    package var isStored = false
    package var isCollapsed = false
    package var key: String?
    package var detail: String?

    package init(cache: String) { self.cache = cache }

    /// The member as it stands in the field; the last member is the cache nearest to the client.
    package var fieldValue: String {
        var text = Self.item(cache)
        if isHit { text += "; hit" }
        if let forward { text += "; fwd=" + forward.rawValue }
        if let forwardStatus { text += "; fwd-status=\(forwardStatus)" }
        if let ttlSeconds { text += "; ttl=\(min(max(ttlSeconds, -Self.integerMax), Self.integerMax))" }
        if isStored { text += "; stored" }
        if isCollapsed { text += "; collapsed" }
        if let key { text += "; key=" + Self.quoted(key) }
        if let detail { text += "; detail=" + Self.item(detail) }
        return text
    }

    /// The largest integer of a structured field (RFC 8941 section 3.3.1).
    private static let integerMax: Int64 = 999_999_999_999_999

    /// A token if it is one, else a string.
    private static func item(_ text: String) -> String {
        let isToken =
            text.utf8.first.map { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x2A } ?? false
            && text.utf8.allSatisfy(isTokenByte)
        return isToken ? text : quoted(text)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
            || "!#$%&'*+-.^_`|~:/".utf8.contains(byte)
    }

    /// A string; characters that structured fields cannot carry become question marks (RFC 8941 section 3.3.3).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar.value >= 0x20 && scalar.value < 0x7F ? scalar : "?")
        }
        return result + "\""
    }
}
