/// An entity tag (RFC 9110 section 8.8.3) and the comparisons of conditional requests (section 13.1).
package struct EntityTag: Hashable, Sendable {
    /// The characters between the quotes.
    package var opaque: String
    package var isWeak: Bool

    package init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Takes a tag as written in a field, quotes included.
    package init(quoted: String) {
        let isWeak = quoted.hasPrefix("W/")
        self.init(quoted.dropFirst(isWeak ? 2 : 0).filter { $0 != "\"" }, isWeak: isWeak)
    }

    /// The field value, quotes included.
    package var fieldValue: String { (isWeak ? "W/" : "") + "\"" + opaque + "\"" }

    /// Whether `If-None-Match: value` lists this tag, compared weakly; `*` matches anything that exists.
    package func isListed(inIfNoneMatch value: String) -> Bool {
        let list = EntityTag.parseList(value)
        return list.isWildcard || (isComparable && list.tags.contains { $0.opaque == opaque })
    }

    /// Whether `If-Match: value` lists this tag, compared strongly; `*` matches anything that exists.
    package func isListed(inIfMatch value: String) -> Bool {
        let list = EntityTag.parseList(value)
        return list.isWildcard || (!isWeak && isComparable && list.tags.contains(self))
    }

    /// Whether the characters are known: bytes that are no UTF-8 read as U+FFFD, and then two tags may look alike.
    package var isComparable: Bool { !opaque.unicodeScalars.contains("\u{FFFD}") }

    /// Reads a list of entity tags; malformed members are skipped, for a bad validator must not match.
    static func parseList(_ value: String) -> (tags: [EntityTag], isWildcard: Bool) {
        var tags: [EntityTag] = []
        var rest = Substring(value)
        while let start = rest.firstIndex(where: { $0 != " " && $0 != "\t" && $0 != "," }) {
            rest = rest[start...]
            if rest.first == "*" { return (tags, true) }
            var isWeak = false
            if rest.hasPrefix("W/") {
                isWeak = true
                rest = rest.dropFirst(2)
            }
            guard rest.first == "\"" else {
                guard let comma = rest.firstIndex(of: ",") else { break }
                rest = rest[comma...]
                continue
            }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else { break }
            tags.append(EntityTag(String(rest[..<end]), isWeak: isWeak))
            rest = rest[rest.index(after: end)...]
        }
        return (tags, false)
    }
}
