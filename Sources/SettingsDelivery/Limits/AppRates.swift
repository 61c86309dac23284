package import Fleet
import Synchronization

/// How often each app may ask: one token bucket for each.
package final class AppRates: Sendable {
    private let buckets: Mutex<TokenBuckets>

    package init(policy: RatePolicy, appsMax: Int = 4_096) {
        buckets = Mutex(TokenBuckets(policy: policy, bucketsMax: appsMax))
    }

    /// Takes a request's token; `now` is milliseconds since 1970.
    package func admit(_ app: String, at now: Int64) -> RateDecision {
        buckets.withLock { $0.take(.tenant(app), at: now) }
    }
}
