/// Whether a request is within its limit.
package enum RateDecision: Hashable, Sendable {
    /// `remaining` more may come at once; without any, the bucket is full again after `resetSeconds` (rounded up).
    case allowed(remaining: Int, resetSeconds: Int)
    /// Allowed again after `retryAfterSeconds`, at least 1; the value of `Retry-After`.
    case refused(retryAfterSeconds: Int)

    package var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }

    /// The value of `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10 §4): what is left of the named policy, and the
    /// seconds until more is.
    package func fieldValue(of policy: RatePolicy) -> String {
        switch self {
        case .allowed(let remaining, let reset): "\"\(policy.name)\";r=\(remaining);t=\(reset)"
        case .refused(let retryAfter): "\"\(policy.name)\";r=0;t=\(retryAfter)"
        }
    }

    /// Rounded up.
    static func seconds(_ nanoseconds: Int64) -> Int { Int((nanoseconds + 999_999_999) / 1_000_000_000) }
}
