package import HTTPTypes

/// The directives of `Cache-Control`, in requests and responses (RFC 9111 section 5.2, RFC 5861, RFC 8246).
///
/// Names are compared without case, arguments may be tokens or quoted strings, unknown directives are passed over.
/// A lifetime that cannot be read counts as 0, and of several different ones the shortest counts: a response with bad
/// freshness information is stale (section 4.2.1). A bad `stale-while-revalidate` or `stale-if-error` counts as
/// absent. Seconds are capped at 10¹².
package struct CacheControl: Hashable, Sendable {
    package var flags: Flags = []
    /// Seconds; `nil` if absent.
    package var maxAge: Int64?
    /// Seconds; `nil` if absent.
    package var sharedMaxAge: Int64?
    /// Seconds (RFC 5861 section 3); `nil` if absent.
    package var staleWhileRevalidate: Int64?
    /// Seconds (RFC 5861 section 4); `nil` if absent.
    package var staleIfError: Int64?
    /// Request only: seconds; `nil` if absent.
    package var minFresh: Int64?
    /// Request only: seconds, `Int64.max` for `max-stale` without argument; `nil` if absent.
    package var maxStale: Int64?
    /// Fields named by `no-cache="…"` and `private="…"`: not to be stored by a shared cache; the unqualified
    /// directive is in ``flags``.
    package var restrictedFields: [HTTPField.Name] = []

    package init() {}

    /// The directives without arguments that matter.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let noStore = Flags(rawValue: 1)
        /// Unqualified.
        package static let noCache = Flags(rawValue: 2)
        /// Unqualified.
        package static let isPrivate = Flags(rawValue: 4)
        package static let isPublic = Flags(rawValue: 8)
        package static let mustRevalidate = Flags(rawValue: 16)
        package static let proxyRevalidate = Flags(rawValue: 32)
        package static let mustUnderstand = Flags(rawValue: 64)
        package static let noTransform = Flags(rawValue: 128)
        package static let onlyIfCached = Flags(rawValue: 256)
        package static let immutable = Flags(rawValue: 512)
    }
}
