/// Until when a stale response may be served, in milliseconds since 1970; 0 for never.
///
/// `must-revalidate`, `proxy-revalidate`, `no-cache` and `s-maxage` prohibit it (RFC 9111 section 4.2.4). One
/// exception: where `s-maxage` alone prohibits, an explicit `stale-while-revalidate` or `stale-if-error` beside it
/// counts, for origins that send both mean both.
struct StaleWindows {
    let whileRevalidate: Int64
    let ifError: Int64
    private let allowsGrace: Bool

    /// `lifetimeEnd` is when freshness ends, in milliseconds since 1970; `nil` if no lifetime is known.
    init(flags: ResponsePolicy.Flags, directives: CacheControl, lifetimeEnd: Int64?) {
        let forbidding: CacheControl.Flags = [.mustRevalidate, .proxyRevalidate, .noCache]
        let isForbidden = !directives.flags.isDisjoint(with: forbidding)
        func window(_ seconds: Int64?) -> Int64 {
            guard let seconds, let lifetimeEnd, !isForbidden else { return 0 }
            return max(lifetimeEnd + seconds * 1_000, 0)
        }
        whileRevalidate = window(directives.staleWhileRevalidate)
        ifError = window(directives.staleIfError)
        allowsGrace = !flags.contains(.prohibitsStale)
    }

    /// The time for an upstream that cannot be reached, `milliseconds` long; at least that of `stale-if-error`.
    func grace(_ milliseconds: Int64, from end: Int64) -> Int64 {
        allowsGrace && milliseconds > 0 ? max(end + milliseconds, ifError) : ifError
    }
}
