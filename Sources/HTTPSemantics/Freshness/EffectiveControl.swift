import HTTPTypes

/// The directives that count for this cache: of the first valid targeted field, else of `Cache-Control` (RFC 9213
/// section 2.2).
struct EffectiveControl {
    let directives: CacheControl
    /// Whether a targeted field counts, so that `Expires` does not.
    let isTargeted: Bool

    init(fields: HTTPFields, settings: CachingSettings) {
        for name in settings.targetedFields {
            if let targeted = CacheControl(targeted: fields[values: name]) {
                directives = targeted
                isTargeted = true
                return
            }
        }
        directives = CacheControl(fields: fields)
        isTargeted = false
    }
}
