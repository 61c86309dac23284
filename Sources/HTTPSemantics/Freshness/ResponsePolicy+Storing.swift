import HTTPTypes

extension ResponsePolicy {
    static func flags(_ response: HTTPResponse, _ control: EffectiveControl) -> Flags {
        let directives = control.directives
        let fields = response.headerFields
        var flags: Flags = []
        if directives.flags.contains(.noCache) { flags.insert([.noCache, .prohibitsStale]) }
        if !directives.flags.isDisjoint(with: [.mustRevalidate, .proxyRevalidate]) || directives.sharedMaxAge != nil {
            flags.insert(.prohibitsStale)
        }
        if directives.flags.contains(.immutable) { flags.insert(.immutable) }
        if control.isTargeted { flags.insert(.isTargeted) }
        if response.status.code == 206 { flags.insert(.isPartial) }
        // Preconditions are evaluated for what would be a 2xx only (RFC 9110 section 13.2.1).
        if (200...299).contains(response.status.code), fields.contains(.eTag) || fields.contains(.lastModified) {
            flags.insert(.canValidate)
        }
        return flags
    }

    /// What prohibits storing (RFC 9111 sections 3, 3.3, 3.5, 4.1 and 5.2.2); `nil` if nothing does.
    static func refusal(
        _ request: HTTPRequest,
        _ response: HTTPResponse,
        _ directives: CacheControl,
        settings: CachingSettings
    ) -> StoringRefusal? {
        let code = response.status.code
        if request.method != .get { return .method }
        if settings.honoursRequestDirectives, CacheControl(fields: request.headerFields).flags.contains(.noStore) {
            return .requestNoStore
        }
        guard StatusClass.isStorable(code) else { return .status }
        let flags = directives.flags
        if flags.contains(.mustUnderstand) {
            // Sent together with no-store for caches that don't know the directive; those that do, ignore no-store.
            if !StatusClass.isUnderstood(code) { return .notUnderstood }
        } else if flags.contains(.noStore) {
            return .responseNoStore
        }
        if flags.contains(.isPrivate) { return .isPrivate }
        let allowsSharing =
            !flags.isDisjoint(with: [.isPublic, .mustRevalidate]) || directives.sharedMaxAge != nil
        if request.headerFields.contains(.authorization), !allowsSharing { return .authorization }
        if VaryRule(fields: response.headerFields) == .any { return .varyAny }
        if code == 206 {
            let isAsked = request.headerFields.contains(.range)
            let isSliceable = isAsked && PartialContent(response: response) != nil
            return isSliceable || ReplayedRange.text(request: request, response: response) != nil ? nil : .partial
        }
        return nil
    }

    /// Whether the response has what allows storing at all: explicit freshness, `public`, or a status that needs
    /// neither (RFC 9111 section 3).
    static func isPermitted(_ response: HTTPResponse, _ directives: CacheControl, _ flags: Flags) -> Bool {
        flags.contains(.isExplicit) || directives.flags.contains(.isPublic)
            || StatusClass.isHeuristicallyCacheable(response.status.code)
    }
}
