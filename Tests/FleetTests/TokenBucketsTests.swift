import Fleet
import Testing

@Suite("TokenBuckets")
struct TokenBucketsTests {
    private static let start: Int64 = 1_795_258_800_000

    @Test("a full bucket allows its burst at once, then one request each interval")
    func burstThenRate() {
        var buckets = TokenBuckets(policy: RatePolicy(name: "client", perSecond: 2, burst: 3))
        let key = RateKey.ipv4(1)
        #expect(buckets.take(key, at: Self.start) == .allowed(remaining: 2, resetSeconds: 1))
        #expect(buckets.take(key, at: Self.start) == .allowed(remaining: 1, resetSeconds: 1))
        #expect(buckets.take(key, at: Self.start) == .allowed(remaining: 0, resetSeconds: 2))
        #expect(buckets.take(key, at: Self.start) == .refused(retryAfterSeconds: 1))
        #expect(buckets.take(key, at: Self.start + 499) == .refused(retryAfterSeconds: 1))
        #expect(buckets.take(key, at: Self.start + 500).isAllowed)
        #expect(!buckets.take(key, at: Self.start + 500).isAllowed)
        #expect(buckets.take(key, at: Self.start + 60_000) == .allowed(remaining: 2, resetSeconds: 1))
        #expect(buckets.take(.ipv4(2), at: Self.start + 500).isAllowed)
    }

    @Test("after the time it was told, a refused client is let in", arguments: 0..<10)
    func retryAfter(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let policy = RatePolicy(name: "c", perSecond: Double(generator.number(1..<100)) / 10, burst: 5)
        var buckets = TokenBuckets(policy: policy)
        var now = Self.start
        for _ in 0..<500 {
            now += Int64(generator.number(0..<50))
            if case .refused(let seconds) = buckets.take(.ipv4(1), at: now) {
                now += Int64(seconds) * 1000
                #expect(buckets.take(.ipv4(1), at: now).isAllowed)
            }
        }
    }

    @Test("it decides as a bucket that is counted in tokens does", arguments: 0..<20)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let burst = generator.number(1..<50)
        // Whole milliseconds for a request, so that the copy can count in whole numbers too.
        let interval = Int64(generator.number(1..<200))
        var buckets = TokenBuckets(policy: RatePolicy(name: "c", perSecond: 1000 / Double(interval), burst: burst))
        // For each client: tokens times the interval, and when that was.
        var copy: [UInt32: (level: Int64, at: Int64)] = [:]
        let full = Int64(burst) * interval
        var now = Self.start
        for _ in 0..<3000 {
            now += Int64(generator.number(0..<Int(interval)))
            let client = UInt32(generator.number(0..<4))
            let cost = generator.number(1..<4)
            var (level, at) = copy[client] ?? (full, now)
            level = min(full, level + now - at)
            at = now
            let isAllowed = level >= Int64(cost) * interval
            if isAllowed { level -= Int64(cost) * interval }
            copy[client] = (level, at)
            let decision = buckets.take(.ipv4(client), cost: cost, at: now)
            #expect(decision.isAllowed == isAllowed)
            if case .allowed(let remaining, let reset) = decision {
                #expect(remaining == Int(level / interval))
                #expect(reset == Int((full - level + 999) / 1000))
            }
        }
    }

    @Test("the table is bounded, and a flood of new clients does not wash out an offender")
    func bounded() {
        var buckets = TokenBuckets(policy: RatePolicy(name: "c", perSecond: 1, burst: 10), bucketsMax: 100)
        for _ in 0..<10 { _ = buckets.take(.tenant("offender"), at: Self.start) }
        for client in 0..<100_000 as Range<UInt32> {
            #expect(buckets.take(.ipv4(client), at: Self.start + Int64(client / 1000)).isAllowed)
            #expect(buckets.count <= 100)
        }
        #expect(!buckets.take(.tenant("offender"), at: Self.start + 100).isAllowed)
    }

    @Test("a table of one bucket works")
    func one() {
        var buckets = TokenBuckets(policy: RatePolicy(name: "c", perSecond: 1, burst: 1), bucketsMax: 1)
        #expect(buckets.take(.ipv4(1), at: 0).isAllowed)
        #expect(!buckets.take(.ipv4(1), at: 0).isAllowed)
        #expect(buckets.take(.ipv4(2), at: 0).isAllowed)
        #expect(buckets.take(.ipv4(1), at: 0).isAllowed)
        #expect(buckets.count == 1)
    }

    @Test("a clock that is set back costs at most one refill; any time is survived")
    func clocks() {
        var buckets = TokenBuckets(policy: RatePolicy(name: "c", perSecond: 1, burst: 2))
        _ = buckets.take(.ipv4(1), at: Self.start)
        let earlier = Self.start - 86_400_000
        #expect(buckets.take(.ipv4(1), at: earlier) == .refused(retryAfterSeconds: 1))
        #expect(!buckets.take(.ipv4(1), at: earlier + 999).isAllowed)
        #expect(buckets.take(.ipv4(1), at: earlier + 1000).isAllowed)
        _ = buckets.take(.ipv4(2), at: .max)
        _ = buckets.take(.ipv4(2), at: .min)
    }

    @Test("what costs more than a whole bucket is never allowed")
    func tooDear() {
        var buckets = TokenBuckets(policy: RatePolicy(name: "c", perSecond: 1, burst: 10))
        #expect(buckets.take(.ipv4(1), cost: 11, at: 0) == .refused(retryAfterSeconds: 10))
        #expect(buckets.count == 0)
    }

    @Test(
        "an IPv6 client is its network of 64 bits, IPv4 inside IPv6 is IPv4",
        arguments: [
            ("192.0.2.1", RateKey.ipv4(0xc000_0201)),
            ("::ffff:192.0.2.1", .ipv4(0xc000_0201)),
            ("2001:db8:1:2::1", .ipv6Network(0x2001_0db8_0001_0002)),
            ("2001:db8:1:2:ffff::9", .ipv6Network(0x2001_0db8_0001_0002)),
            ("::1", .ipv6Network(0)),
        ]
    )
    func keys(text: String, key: RateKey) throws {
        #expect(RateKey(client: try #require(NetworkAddress(text))) == key)
    }

    @Test("the fields say policy, what is left and when there is more")
    func fields() {
        let policy = RatePolicy(name: "client", perSecond: 10, burst: 100)
        #expect(policy.fieldValue == "\"client\";q=100;w=10")
        #expect(RateDecision.allowed(remaining: 99, resetSeconds: 1).fieldValue(of: policy) == "\"client\";r=99;t=1")
        #expect(RateDecision.refused(retryAfterSeconds: 3).fieldValue(of: policy) == "\"client\";r=0;t=3")
        #expect(RatePolicy(name: "fast", perSecond: 1000, burst: 1).fieldValue == "\"fast\";q=1;w=1")
    }
}
