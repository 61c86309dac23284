/// A token bucket for each client or tenant, in a table of bounded size; no clock, no lock.
///
/// A bucket is one number, the time at which it is full again (the generic cell rate algorithm, ITU-T I.371): a request
/// moves it forward, and is refused where it would be more than a whole refill ahead. When the table is full, the
/// bucket that is fullest among a few gives way: it has the least to remember, and one that is full has nothing. So
/// many new addresses cannot wash out the memory of an old offender. Costs one look-up and, in a full table, eight
/// comparisons. Times are wall-clock milliseconds since 1970; a clock that steps back costs at most one refill.
package struct TokenBuckets: Sendable {
    private struct Bucket: Sendable {
        let key: RateKey
        /// Nanoseconds since 1970.
        var fullAt: Int64
    }

    /// How many buckets are compared to find one that gives way.
    private static let candidates = 8

    package let policy: RatePolicy
    /// Most buckets at the same time; a bucket takes about 100 bytes.
    package let bucketsMax: Int
    private var places: [RateKey: Int] = [:]
    private var buckets: [Bucket] = []
    /// Where the next search for a bucket to give up starts.
    private var hand = 0

    package init(policy: RatePolicy, bucketsMax: Int = 65_536) {
        precondition(bucketsMax >= 1)
        self.policy = policy
        self.bucketsMax = bucketsMax
    }

    /// Buckets in the table.
    package var count: Int { buckets.count }

    /// Takes `cost` tokens, or none if there are not enough.
    ///
    /// - Parameters:
    ///   - key: Who asks.
    ///   - cost: At least 1; more than the policy's burst is always refused.
    ///   - nowMilliseconds: Wall-clock milliseconds since 1970.
    /// - Returns: Whether it may go on, and what to tell the client.
    package mutating func take(_ key: RateKey, cost: Int = 1, at nowMilliseconds: Int64) -> RateDecision {
        precondition(cost >= 1)
        let now = Self.nanoseconds(nowMilliseconds)
        let refill = policy.refillNanoseconds
        let place = places[key]
        let fullAt = place.map { min(max(buckets[$0].fullAt, now), now + refill) } ?? now
        guard cost <= policy.burst else { return .refused(retryAfterSeconds: max(1, RateDecision.seconds(refill))) }
        let next = fullAt + Int64(cost) * policy.intervalNanoseconds
        guard next - now <= refill else {
            // Remembered, so that a bucket from before the clock was set back begins to fill.
            if let place { buckets[place].fullAt = fullAt }
            return .refused(retryAfterSeconds: max(1, RateDecision.seconds(next - now - refill)))
        }
        if let place { buckets[place].fullAt = next } else { insert(Bucket(key: key, fullAt: next)) }
        let remaining = (refill - (next - now)) / policy.intervalNanoseconds
        return .allowed(remaining: Int(remaining), resetSeconds: RateDecision.seconds(next - now))
    }

    private mutating func insert(_ bucket: Bucket) {
        guard buckets.count == bucketsMax else {
            places[bucket.key] = buckets.count
            buckets.append(bucket)
            return
        }
        var fullest = hand
        for _ in 0..<min(Self.candidates, buckets.count) {
            if buckets[hand].fullAt < buckets[fullest].fullAt { fullest = hand }
            hand = (hand + 1) % buckets.count
        }
        places[buckets[fullest].key] = nil
        places[bucket.key] = fullest
        buckets[fullest] = bucket
    }

    /// Far from overflow for any input.
    private static func nanoseconds(_ milliseconds: Int64) -> Int64 {
        min(max(milliseconds, -4_000_000_000_000), 4_000_000_000_000) * 1_000_000
    }
}
