/// Why a request goes upstream.
///
/// The raw value is the `fwd` parameter of `Cache-Status` (RFC 9211 section 2.2).
package enum ForwardReason: String, CaseIterable, Hashable, Sendable {
    /// Configured or forced not to be handled by the cache.
    case bypass
    /// The method's semantics need it.
    case method
    /// No response is stored for the URI.
    case uriMiss = "uri-miss"
    /// There are responses for the URI, but none for these request fields.
    case varyMiss = "vary-miss"
    /// Nothing usable is stored, without saying more.
    case miss
    /// A fresh response is stored, but the request's directives do not allow it.
    case request
    /// The stored response is stale.
    case stale
    /// Only part of what is asked for is stored.
    case partial
}
