package import HTTPTypes

/// What a request asks of a cache, computed once per request.
package struct RequestPolicy: Hashable, Sendable {
    package var flags: Flags = []
    /// Seconds: the age the client accepts; `nil` for any.
    package var maxAge: Int64?
    /// Seconds the response must stay fresh; `nil` for any.
    package var minFresh: Int64?
    /// Seconds past freshness the client accepts, `Int64.max` for any; `nil` for none.
    package var maxStale: Int64?

    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let isGet = Flags(rawValue: 1)
        package static let isHead = Flags(rawValue: 2)
        /// `no-cache`, or `Pragma: no-cache` without `Cache-Control` (RFC 9111 section 5.4).
        package static let noCache = Flags(rawValue: 4)
        package static let noStore = Flags(rawValue: 8)
        package static let onlyIfCached = Flags(rawValue: 16)
        package static let hasAuthorization = Flags(rawValue: 32)
        package static let hasRange = Flags(rawValue: 64)
        /// `If-Match` or `If-Unmodified-Since`: for the origin, not for caches (RFC 9111 section 4.3.2).
        package static let hasOriginCondition = Flags(rawValue: 128)
        /// `If-None-Match` or `If-Modified-Since`.
        package static let isConditional = Flags(rawValue: 256)
    }

    package init(_ request: HTTPRequest, settings: CachingSettings = CachingSettings()) {
        let fields = request.headerFields
        switch request.method {
        case .get: flags.insert(.isGet)
        case .head: flags.insert(.isHead)
        default: break
        }
        if fields.contains(.authorization) { flags.insert(.hasAuthorization) }
        if fields.contains(.range) { flags.insert(.hasRange) }
        if fields.contains(.ifMatch) || fields.contains(.ifUnmodifiedSince) { flags.insert(.hasOriginCondition) }
        if fields.contains(.ifNoneMatch) || fields.contains(.ifModifiedSince) { flags.insert(.isConditional) }
        guard settings.honoursRequestDirectives else { return }
        let lines = fields[values: .cacheControl]
        guard !lines.isEmpty else {
            if FieldList.members(of: fields[values: .pragma]).contains(where: { $0.lowercased() == "no-cache" }) {
                flags.insert(.noCache)
            }
            return
        }
        let directives = CacheControl(values: lines)
        if directives.flags.contains(.noCache) { flags.insert(.noCache) }
        if directives.flags.contains(.noStore) { flags.insert(.noStore) }
        if directives.flags.contains(.onlyIfCached) { flags.insert(.onlyIfCached) }
        maxAge = directives.maxAge
        minFresh = directives.minFresh
        maxStale = directives.maxStale
    }

    /// Whether a stored response may answer the request at all: GET or HEAD without conditions for the origin and
    /// without `no-store`.
    package var mayUseStored: Bool {
        !flags.isDisjoint(with: [.isGet, .isHead]) && flags.isDisjoint(with: [.noStore, .hasOriginCondition])
    }

    /// The decision when nothing is stored for the request, or it may not be used.
    ///
    /// `reason` says what was missing; a request that may not use the store overrides it.
    package func decisionWithoutStored(_ reason: ForwardReason = .uriMiss) -> CachingDecision {
        if flags.contains(.onlyIfCached), !flags.isDisjoint(with: [.isGet, .isHead]) { return .gatewayTimeout }
        if flags.isDisjoint(with: [.isGet, .isHead]) { return .forward(.method) }
        return .forward(mayUseStored ? reason : .request)
    }
}
