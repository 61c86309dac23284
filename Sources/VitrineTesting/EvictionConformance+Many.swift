import Caching

// What holds over thousands of steps.
extension EvictionConformance {
    static let many: [EvictionConformance] = [
        EvictionConformance("the budget holds, and leaving is told once, over thousands of steps") { make in
            for seed: UInt64 in 1...12 {
                let budget = [1, 7, 64, 1000][Int(seed) % 4]
                try walk(make(budget, seed), steps: 4000, seed: seed)
            }
        },
        EvictionConformance("equal calls give equal answers") { make in
            var (one, other) = (make(50, 3), make(50, 3))
            var random = SeededGenerator(seed: 11)
            for _ in 0..<3000 {
                let id = random.next() % 120
                if random.next() % 16 == 0 {
                    one.demote(id)
                    other.demote(id)
                }
                try require(one.recordHit(id) == other.recordHit(id), "a hit")
                guard !one.contains(id) else { continue }
                let size = Int(random.next() % 5) + 1
                try require(one.admitting(id, size: size) == other.admitting(id, size: size), "who leaves")
            }
        },
        EvictionConformance("a full cache takes newcomers in") { make in
            var policy = make(100, 1)
            for id: UInt64 in 0..<1000 { _ = policy.admitting(id) }
            try require(policy.count > 90 && policy.usedBytes <= 100, "\(policy.count) of 100 places are used")
            var hits = 0
            for _ in 0..<20 {
                for id: UInt64 in 5000..<5050 {
                    if policy.recordHit(id) { hits += 1 } else { _ = policy.admitting(id) }
                }
            }
            try require(hits > 500, "a new working set of half the budget had \(hits) hits of 1,000")
        },
        EvictionConformance("ids that share their low bits are as quick as others") { make in
            // Without a keyed hash each of these would look at all before it: some 10⁹ steps.
            var policy = make(50_000, 5)
            for id: UInt64 in 0..<50_000 { _ = policy.admitting(id << 44) }
            try require(policy.usedBytes <= 50_000 && policy.contains(49_999 << 44), "all in")
        },
    ]

    /// Random steps, compared with a dictionary of what should be resident.
    private static func walk(_ empty: any EvictionPolicy, steps: Int, seed: UInt64) throws {
        var policy = empty
        var residents: [UInt64: Int] = [:]
        var random = SeededGenerator(seed: seed)
        for step in 0..<steps {
            let at = "seed \(seed), step \(step)"
            // Low ids far more often than high ones.
            let id = random.next() % (random.next() % 200 + 1)
            switch random.next() % 16 {
            case 0: try require(policy.remove(id) == (residents.removeValue(forKey: id) != nil), "remove, \(at)")
            case 1: policy.demote(id)
            case 2...8: try require(policy.recordHit(id) == (residents[id] != nil), "hit, \(at)")
            default:
                let size = Int(random.next() % UInt64(random.next() % 8 == 0 ? policy.budget + 2 : 9)) + 1
                let evicted = policy.admitting(id, size: size, cost: Float(random.next() % 100))
                residents[id] = size
                for left in evicted {
                    try require(residents.removeValue(forKey: left) != nil, "\(left) was not there, \(at)")
                }
                try require(size <= policy.budget || residents[id] == nil, "too large, \(at)")
            }
            try require(policy.usedBytes <= policy.budget, "over budget, \(at)")
            try require(policy.usedBytes == residents.values.reduce(0, +), "bytes, \(at)")
            try require(policy.count == residents.count, "count, \(at)")
            try require(policy.contains(id) == (residents[id] != nil), "resident, \(at)")
        }
        try require(residents.keys.allSatisfy(policy.contains), "all are there, seed \(seed)")
    }
}
