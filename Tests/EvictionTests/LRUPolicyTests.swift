import Caching
import Testing

@Suite("LRU")
struct LRUPolicyTests {
    @Test("the entry used longest ago leaves first")
    func evictsTheOldest() {
        var policy = LRUPolicy(budget: 3, seed: 1)
        var evicted: [UInt64] = []
        for id: UInt64 in 1...3 { policy.admit(id, size: 1, cost: 1, evicted: &evicted) }
        policy.recordHit(1)
        policy.admit(4, size: 1, cost: 1, evicted: &evicted)
        policy.admit(5, size: 1, cost: 1, evicted: &evicted)
        #expect(evicted == [2, 3])
        #expect(policy.contains(1))
        #expect(policy.usedBytes == 3)
    }
}
