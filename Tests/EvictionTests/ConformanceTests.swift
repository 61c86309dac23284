import Caching
import Testing
import VitrineTesting

struct ConformanceTests {
    @Test("LRU keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func lru(_ behaviour: EvictionConformance) throws {
        try behaviour.check { LRUPolicy(budget: $0, seed: $1) }
    }

    @Test("FIFO keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func fifo(_ behaviour: EvictionConformance) throws {
        try behaviour.check { FIFOPolicy(budget: $0, seed: $1) }
    }

    @Test("SIEVE keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func sieve(_ behaviour: EvictionConformance) throws {
        try behaviour.check { SIEVEPolicy(budget: $0, seed: $1) }
    }

    @Test("S3-FIFO keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func s3fifo(_ behaviour: EvictionConformance) throws {
        try behaviour.check { S3FIFOPolicy(budget: $0, seed: $1) }
    }

    @Test("W-TinyLFU keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func wtinylfu(_ behaviour: EvictionConformance) throws {
        try behaviour.check { WTinyLFUPolicy(budget: $0, seed: $1) }
    }

    @Test("ours keeps the promises of a policy", arguments: EvictionConformance.behaviours)
    func ours(_ behaviour: EvictionConformance) throws {
        try behaviour.check { AdaptiveFIFOPolicy(budget: $0, seed: $1) }
    }
}
