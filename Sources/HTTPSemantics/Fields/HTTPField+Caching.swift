package import HTTPTypes

extension HTTPField.Name {
    /// A field name known to be valid at the time of writing.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }

    /// How each cache on the way handled the request (RFC 9211).
    package static let cacheStatus = known("Cache-Status")
    /// Targeted at CDNs: overrides `Cache-Control` and `Expires` (RFC 9213).
    package static let cdnCacheControl = known("CDN-Cache-Control")
    /// Tokens of the CDNs a request went through (RFC 8586).
    package static let cdnLoop = known("CDN-Loop")
    package static let forwarded = known("Forwarded")
    package static let keepAlive = known("Keep-Alive")
    package static let pragma = known("Pragma")
    package static let proxyConnection = known("Proxy-Connection")
    package static let forwardedFor = known("X-Forwarded-For")
    package static let forwardedHost = known("X-Forwarded-Host")
    package static let forwardedProto = known("X-Forwarded-Proto")
}
