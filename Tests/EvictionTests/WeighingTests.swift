import Caching
import Testing
import VitrineTesting

@Suite("Our policy weighs size and cost")
struct WeighingTests {
    /// A cache under a stream of newcomers that nobody wants again, in which both ids are requested equally often;
    /// how often each was resident when it was requested.
    private func hits(_ one: (size: Int, cost: Float), _ other: (size: Int, cost: Float)) -> (Int, Int) {
        var policy = AdaptiveFIFOPolicy(budget: 1000, seed: 1)
        var evicted: [UInt64] = []
        var hits = (0, 0)
        var stranger: UInt64 = 1000
        for round in 0..<4000 {
            // Twenty of each kind take turns, each wanted once every 400 requests.
            let id = UInt64(round % 20)
            for (kind, entry) in [one, other].enumerated() {
                let key = id + UInt64(kind) * 100
                if policy.recordHit(key) {
                    if kind == 0 { hits.0 += 1 } else { hits.1 += 1 }
                } else {
                    policy.admit(key, size: entry.size, cost: entry.cost, evicted: &evicted)
                }
            }
            for _ in 0..<18 {
                stranger += 1
                policy.admit(stranger, size: 10, cost: 10, evicted: &evicted)
            }
        }
        return hits
    }

    @Test("of equally popular entries of one size, those that were expensive to make stay longer")
    func expensive() {
        let (expensive, cheap) = hits((10, 400), (10, 10))
        #expect(expensive > 2 * cheap, "\(expensive) hits against \(cheap)")
    }

    @Test("of equally popular entries of one cost, the small ones stay longer")
    func small() {
        let (small, large) = hits((2, 10), (20, 10))
        #expect(small > 2 * large, "\(small) hits against \(large)")
    }

    @Test("a huge entry wanted once does not flush the cache, and one wanted again soon comes in")
    func huge() {
        var policy = AdaptiveFIFOPolicy(budget: 1000, seed: 1)
        var evicted: [UInt64] = []
        for round in 0..<6 {
            for id: UInt64 in 0..<90 where !policy.recordHit(id) {
                policy.admit(id, size: 10, cost: 10, evicted: &evicted)
            }
            // Pushes what was used on into main.
            for id in UInt64(round * 100 + 1000)..<UInt64(round * 100 + 1100) {
                policy.admit(id, size: 10, cost: 10, evicted: &evicted)
            }
        }
        let before = (0..<90).count { policy.contains(UInt64($0)) }
        #expect(before >= 80)
        evicted = []
        policy.admit(5000, size: 900, cost: 10, evicted: &evicted)
        #expect(evicted == [5000], "refused")
        #expect((0..<90).count { policy.contains(UInt64($0)) } == before)
        policy.admit(5000, size: 900, cost: 10, evicted: &evicted)
        #expect(policy.contains(5000), "wanted again")
    }

    @Test("a cost of nothing is no reason to fail")
    func free() {
        var policy = AdaptiveFIFOPolicy(budget: 100, seed: 1)
        var evicted: [UInt64] = []
        for id: UInt64 in 0..<1000 where !policy.recordHit(id % 130) {
            policy.admit(id % 130, size: Int(id % 7) + 1, cost: 0, evicted: &evicted)
        }
        #expect(policy.usedBytes > 80)
    }

    @Test("by bytes and milliseconds, ours loses less than any that does not weigh")
    func mixedTrace() throws {
        let sizes = KeyedSizes(seed: 4)
        let trace = Trace.zipf(
            objects: 20_000,
            requests: 200_000,
            seed: 9,
            size: { sizes.size($0) },
            cost: { sizes.cost($0) }
        )
        let report = try TraceSimulator(trace, hasUnitSize: false)
            .run(policies: [.lru, .fifo, .sieve, .s3fifo, .wtinylfu, .vitrine], sizes: [CacheSize(parsing: "5%")])
        let ours = try #require(report.rows.last)
        for row in report.rows.dropLast() {
            #expect(ours.costMissRatio < 0.95 * row.costMissRatio, "\(row.policy)")
        }
    }
}

/// Sizes and costs that differ by factors of up to 64, fixed for each rank.
private struct KeyedSizes {
    let seed: UInt64

    func size(_ rank: Int) -> UInt32 {
        var random = SeededGenerator(seed: seed &+ UInt64(rank))
        return UInt32(1000 << (random.next() % 7))
    }

    func cost(_ rank: Int) -> Float {
        var random = SeededGenerator(seed: seed &+ UInt64(rank) &+ 1 << 40)
        return Float(5 << (random.next() % 6))
    }
}
