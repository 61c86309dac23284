/// What a source said about its bytes, for the caller's own HTTP caching; nothing of it is verified.
package struct SourceFacts: Hashable, Sendable {
    /// `Content-Type`; a hint only, the decoder looks at the bytes.
    package var mediaType: String?
    /// `ETag` with its quotes, and `W/` if weak.
    package var entityTag: String?
    /// `Last-Modified` as sent.
    package var lastModified: String?
    /// `Cache-Control` as sent, several lines joined.
    package var cacheControl: String?
    /// `Expires` as sent.
    package var expires: String?

    package init(
        mediaType: String? = nil,
        entityTag: String? = nil,
        lastModified: String? = nil,
        cacheControl: String? = nil,
        expires: String? = nil
    ) {
        self.mediaType = mediaType
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.cacheControl = cacheControl
        self.expires = expires
    }

    /// How long a shared cache may reuse the bytes (`s-maxage`, else `max-age`), in seconds.
    ///
    /// 0 with `no-store`, `no-cache` or `private`; `nil` if `Cache-Control` says nothing about it.
    package var maxAgeSeconds: Int? {
        guard let cacheControl else { return nil }
        var ages: [String: Int] = [:]
        for directive in cacheControl.lowercased().split(separator: ",") {
            let parts = directive.split(separator: "=", maxSplits: 1).map { $0.filter { !" \t\"".contains($0) } }
            guard let name = parts.first else { continue }
            if ["no-store", "no-cache", "private"].contains(name) { return 0 }
            guard parts.count == 2, let seconds = Int(parts[1]), seconds >= 0 else { continue }
            ages[name] = seconds
        }
        return ages["s-maxage"] ?? ages["max-age"]
    }
}
