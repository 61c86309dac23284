import Caching
import Testing
import VitrineTesting

@Suite("A policy decides as its plain copy does")
struct ModelTests {
    @Test("LRU", arguments: 1...8)
    func lru(_ seed: UInt64) {
        compare(seed, LRUPolicy.init, NaiveLRU.self)
    }

    @Test("FIFO", arguments: 1...8)
    func fifo(_ seed: UInt64) {
        compare(seed, FIFOPolicy.init, NaiveFIFO.self)
    }

    @Test("SIEVE", arguments: 1...8)
    func sieve(_ seed: UInt64) {
        compare(seed, SIEVEPolicy.init, NaiveSIEVE.self)
    }

    @Test("S3-FIFO", arguments: 1...8)
    func s3fifo(_ seed: UInt64) {
        compare(seed, S3FIFOPolicy.init, NaiveS3FIFO.self)
    }

    @Test("ours", arguments: 1...8)
    func ours(_ seed: UInt64) {
        compare(seed, AdaptiveFIFOPolicy.init, NaiveAdaptiveFIFO.self)
    }

    /// Odd seeds have entries of one size and cost.
    private func compare<Policy: EvictionPolicy>(
        _ seed: UInt64,
        _ make: (Int, UInt64) -> Policy,
        _ plain: (some NaiveCache).Type
    ) {
        let budget = [40, 40, 7, 300, 100][Int(seed) % 5]
        var policy = make(budget, seed)
        var model = plain.init(budget: budget)
        var random = SeededGenerator(seed: seed)
        for step in 0..<6000 {
            // A popular head, a tail, and what is wanted once.
            let range: UInt64 = [10, 60, 200, 5000][Int(random.next() % 4)]
            let id = random.next() % range
            let kind = random.next() % 64
            if kind == 0 {
                policy.remove(id)
                model.remove(id)
                continue
            }
            if kind == 1 {
                policy.demote(id)
                model.demote(id)
                continue
            }
            let isEven = seed % 2 == 0
            let size = isEven ? Int(id % 13 == 0 ? id % 60 : id % 5) + 1 : 1
            let cost = isEven ? Float(id % 90) : 1
            let expected = model.request(id, size: size, cost: cost)
            let isHit = policy.recordHit(id)
            var evicted: [UInt64] = []
            if !isHit { policy.admit(id, size: size, cost: cost, evicted: &evicted) }
            guard isHit == expected.isHit, evicted == expected.evicted else {
                Issue.record("seed \(seed), step \(step), id \(id): \(evicted), not \(expected.evicted)")
                return
            }
        }
    }
}
