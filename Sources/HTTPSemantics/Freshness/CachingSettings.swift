package import HTTPTypes

/// What an operator may choose where the RFCs leave a choice.
package struct CachingSettings: Hashable, Sendable {
    /// Whether requests' `Cache-Control` and `Pragma` are obeyed (RFC 9111 section 5.2.1 makes them advisory).
    package var honoursRequestDirectives = true
    /// How long after it became stale a response may still be served when the upstream cannot be reached, unless it
    /// says otherwise (RFC 9111 section 4.2.4); 0 for never.
    package var graceMilliseconds: Int64 = 86_400_000
    /// The percentage of the time since the last change that responses without explicit freshness count as fresh
    /// (RFC 9111 section 4.2.2); 0, the default, for never.
    package var heuristicPercent: Int64 = 0
    /// Targeted fields this cache obeys, most wanted first (RFC 9213 section 2.2).
    package var targetedFields: [HTTPField.Name] = [.cdnCacheControl]

    package init() {}
}
