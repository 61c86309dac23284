package import JSON

/// One URL that an experiment is for, or not for (the reference's `urlPatterns`).
package struct URLTarget: Sendable {
    private enum Matcher: Sendable {
        case never
        /// The whole address, or all after its origin.
        case expression(Pattern)
        case simple(SimpleURLPattern)
    }

    private let matcher: Matcher
    /// False for an address that is kept out.
    let isIncluded: Bool

    package init(_ source: JSONValue) {
        isIncluded = source["include"]?.bool != false
        switch (source["type"]?.string, source["pattern"]?.string) {
        case ("regex", let pattern?): matcher = Self.pattern(pattern).map { .expression($0) } ?? .never
        case ("simple", let pattern?): matcher = SimpleURLPattern(pattern).map { .simple($0) } ?? .never
        default: matcher = .never
        }
    }

    /// A regular expression over addresses; `nil` for one that JavaScript refuses.
    static func pattern(_ source: ExactString) -> Pattern? {
        do throws(PatternError) {
            return try Pattern(javaScript: source)
        } catch {
            // The reference goes on without it too.
            return nil
        }
    }

    /// `isURLTargeted(url, targets)`: in none that keeps out, and in one that lets in, if there is such a one.
    package static func matches(_ url: ExactString, _ targets: [URLTarget]) -> Bool {
        if targets.isEmpty { return false }
        let parsed = WebURL(url, relativeTo: WebURL.placeholder)
        var hasIncluding = false
        var isIncluded = false
        for target in targets {
            let matches = parsed.map { target.matches($0) } ?? false
            if !target.isIncluded {
                if matches { return false }
            } else {
                hasIncluding = true
                if matches { isIncluded = true }
            }
        }
        return isIncluded || !hasIncluding
    }

    private func matches(_ url: WebURL) -> Bool {
        switch matcher {
        case .never: return false
        case .simple(let pattern): return pattern.matches(url)
        case .expression(let pattern):
            let address = url.href
            return pattern.matches(ExactString(address))
                || pattern.matches(ExactString(String(address.dropFirst(url.origin.count))))
        }
    }

    /// The old kind of targeting: the address as it is, or without scheme and host.
    static func matches(_ url: ExactString, old pattern: Pattern) -> Bool {
        if url.isEmpty { return false }
        if pattern.matches(url) { return true }
        var units = url.units[...]
        for scheme in ["https://", "http://"] where units.starts(with: scheme.utf16) {
            units = units.dropFirst(scheme.utf16.count)
            break
        }
        if let slash = units.firstIndex(of: 0x2F) { units = units[slash...] }
        return pattern.matches(ExactString(units: Array(units)))
    }
}
