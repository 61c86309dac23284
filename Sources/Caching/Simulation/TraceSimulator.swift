/// Replays a trace against policies and cache sizes.
///
/// Promises: equal traces give equal ratios. Agrees with libCacheSim to four digits for LRU, FIFO, SIEVE, S3-FIFO and
/// Belady. Costs: one pass per policy and size on the calling thread, some 5 to 20 million requests per second, and
/// memory for the cache's index. A request for a resident object is a hit whatever size it says.
package struct TraceSimulator: Sendable {
    private let trace: Trace
    /// Every object counts as one byte, so that sizes are numbers of objects.
    private let hasUnitSize: Bool
    private let seed: UInt64

    /// - Throws: `TraceError.empty` or `tooLong`.
    package init(_ trace: Trace, hasUnitSize: Bool, seed: UInt64 = 0) throws(TraceError) {
        guard trace.requestCount > 0 else { throw .empty }
        guard !trace.isFull else { throw .tooLong(requestsMax: Trace.requestsMax) }
        self.trace = trace
        self.hasUnitSize = hasUnitSize
        self.seed = seed
    }

    private var footprint: Int { hasUnitSize ? trace.objectCount : trace.footprintBytes }

    /// Replays every policy with every size.
    package func run(
        policies: [SimulatedPolicy] = SimulatedPolicy.allCases,
        sizes: [CacheSize],
        clock: any Clock<Duration> = ContinuousClock()
    ) -> SimulationReport {
        var rows: [SimulationRow] = []
        for size in sizes {
            var ofSize = policies.map { row($0, size, clock) }
            let lru = ofSize.first { $0.policy == .lru }?.objectMissRatio
            let belady = ofSize.first { $0.policy == .belady }?.objectMissRatio
            if let lru, let belady, lru > belady {
                for index in ofSize.indices {
                    ofSize[index].wayToBelady = (lru - ofSize[index].objectMissRatio) / (lru - belady)
                }
            }
            rows += ofSize
        }
        return SimulationReport(
            requestCount: trace.requestCount,
            objectCount: trace.objectCount,
            footprintBytes: footprint,
            hasUnitSize: hasUnitSize,
            rows: rows
        )
    }

    private func row(_ policy: SimulatedPolicy, _ size: CacheSize, _ clock: any Clock<Duration>) -> SimulationRow {
        let budget = size.bytes(ofFootprint: footprint)
        var misses = MissCount()
        let duration = clock.measure { misses = replay(policy, budget: budget) }
        let bytes = hasUnitSize ? trace.requestCount : trace.bytes
        let cost = trace.costs.reduce(0.0) { $0 + Double($1) }
        return SimulationRow(
            policy: policy,
            size: size,
            budgetBytes: budget,
            misses: misses,
            objectMissRatio: Double(misses.requests) / Double(trace.requestCount),
            byteMissRatio: Double(misses.bytes) / Double(bytes),
            costMissRatio: cost > 0 ? misses.cost / cost : 0,
            requestsPerSecond: Double(trace.requestCount) / max(duration / .seconds(1), 1e-9)
        )
    }

    private func replay(_ policy: SimulatedPolicy, budget: Int) -> MissCount {
        switch policy {
        case .lru: replay(LRUPolicy(budget: budget, seed: seed))
        case .fifo: replay(FIFOPolicy(budget: budget, seed: seed))
        case .sieve: replay(SIEVEPolicy(budget: budget, seed: seed))
        case .s3fifo: replay(S3FIFOPolicy(budget: budget, seed: seed))
        case .wtinylfu: replay(WTinyLFUPolicy(budget: budget, seed: seed))
        case .vitrine: replay(AdaptiveFIFOPolicy(budget: budget, seed: seed))
        case .belady: BeladyReplay.misses(trace, budget: budget, hasUnitSize: hasUnitSize)
        }
    }

    private func replay(_ empty: some EvictionPolicy) -> MissCount {
        var policy = empty
        var misses = MissCount()
        var evicted: [UInt64] = []
        for index in trace.objects.indices {
            let id = UInt64(trace.objects[index])
            if policy.recordHit(id) { continue }
            let size = hasUnitSize ? 1 : Int(trace.sizes[index])
            misses.add(bytes: size, cost: trace.costs[index])
            policy.admit(id, size: size, cost: trace.costs[index], evicted: &evicted)
            evicted.removeAll(keepingCapacity: true)
        }
        return misses
    }
}
