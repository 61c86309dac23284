import DeliveryTypes

/// Which sources may be named in a URL, in imgproxy's notation: prefixes in which `*` stands for any characters but
/// `/`.
///
/// `https://*.example.com/pictures/` allows what is below that folder on every host of the domain; `*` alone allows
/// everything that the address guard lets through. A pattern that ends with its host gets a `/`, so that
/// `https://example.com` does not also allow `https://example.com.evil.test`. Remote sources are allowed only by a
/// pattern. `local://` and `s3://` sources are allowed by being configured; patterns of their scheme narrow that
/// down.
package struct SourceAllowList: Hashable, Sendable {
    private let patterns: [Pattern]

    /// Allows nothing remote.
    package static let nothing = SourceAllowList([String]())

    package init(_ patterns: some Sequence<String>) {
        self.patterns = patterns.map { Pattern($0) }
    }

    package func allows(_ url: SourceURL) -> Bool {
        patterns.contains { $0.matches(url.description) }
    }

    package func allowsLocal(_ path: String) -> Bool {
        allowsConfigured("local://", "local:///\(path)")
    }

    package func allowsObject(bucket: String, key: String) -> Bool {
        allowsConfigured("s3://", "s3://\(bucket)/\(key)")
    }

    private func allowsConfigured(_ scheme: String, _ text: String) -> Bool {
        let own = patterns.filter { $0.concerns(scheme) }
        return own.isEmpty || own.contains { $0.matches(text) }
    }

    private struct Pattern: Hashable, Sendable {
        /// The literal parts between the stars; a match is a prefix.
        let parts: [[UInt8]]
        let isEverything: Bool

        init(_ text: String) {
            let trimmed = text.trimmingPrefix(while: \.isWhitespace)
            isEverything = trimmed == "*"
            parts = Self.canonical(String(trimmed)).split(separator: "*", omittingEmptySubsequences: false)
                .map { Array($0.utf8) }
        }

        func concerns(_ scheme: String) -> Bool {
            !isEverything && parts[0].starts(with: Array(scheme.utf8))
        }

        func matches(_ text: String) -> Bool {
            isEverything || Self.matches(Array(text.utf8)[...], parts[...])
        }

        /// Lower-case scheme and host, and a `/` after a host that ends the pattern.
        private static func canonical(_ text: String) -> String {
            guard let separator = text.firstRange(of: "://") else { return text }
            let rest = text[separator.upperBound...]
            let authority = rest.prefix { $0 != "/" }
            let path = rest.dropFirst(authority.count)
            let isWhole = path.isEmpty && !authority.isEmpty
            return text[..<separator.upperBound].lowercased() + authority.lowercased() + (isWhole ? "/" : String(path))
        }

        private static func matches(_ text: ArraySlice<UInt8>, _ parts: ArraySlice<[UInt8]>) -> Bool {
            guard let part = parts.first, text.starts(with: part) else { return parts.isEmpty }
            let rest = text.dropFirst(part.count)
            let following = parts.dropFirst()
            guard let next = following.first else { return true }
            if next.isEmpty && following.count == 1 { return true }
            var skipped = rest
            while true {
                if matches(skipped, following) { return true }
                guard let byte = skipped.first, byte != UInt8(ascii: "/") else { return false }
                skipped = skipped.dropFirst()
            }
        }
    }
}
