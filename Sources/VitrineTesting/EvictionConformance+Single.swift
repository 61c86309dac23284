import Caching

// What holds for a handful of entries.
extension EvictionConformance {
    static let single: [EvictionConformance] = [
        EvictionConformance("nothing is resident at first") { make in
            var policy = make(100, 1)
            try require(policy.budget == 100 && policy.usedBytes == 0 && policy.count == 0, "empty")
            try require(!policy.contains(0) && !policy.recordHit(0) && !policy.remove(0), "unknown to all verbs")
            policy.demote(0)
            try require(policy.count == 0, "a hint about nothing")
        },
        EvictionConformance("an entry that fits is resident until it is removed") { make in
            var policy = make(100, 1)
            try require(policy.admitting(7, size: 40).isEmpty, "nobody has to leave")
            try require(policy.contains(7) && policy.usedBytes == 40 && policy.count == 1, "resident")
            try require(policy.recordHit(7), "a hit")
            try require(policy.remove(7) && !policy.remove(7), "removed once")
            try require(!policy.contains(7) && !policy.recordHit(7), "not resident any more")
            try require(policy.usedBytes == 0 && policy.count == 0, "empty again")
        },
        EvictionConformance("an entry as large as the budget fits, a larger one is refused alone") { make in
            var policy = make(100, 1)
            try require(policy.admitting(1, size: 100).isEmpty && policy.contains(1), "fits exactly")
            try require(policy.admitting(2, size: 101) == [2], "refused by its own id")
            try require(policy.contains(1) && !policy.contains(2) && policy.usedBytes == 100, "others stay")
            try require(policy.admitting(1, size: 101) == [1], "a resident that grows beyond leaves")
            try require(policy.usedBytes == 0 && policy.count == 0, "empty again")
        },
        EvictionConformance("a resident that is admitted again takes the new size") { make in
            var policy = make(100, 1)
            _ = policy.admitting(1, size: 10)
            _ = policy.admitting(2, size: 20)
            try require(policy.admitting(1, size: 50).isEmpty, "there is room")
            try require(policy.usedBytes == 70 && policy.count == 2, "grown")
            try require(policy.admitting(1, size: 5).isEmpty, "there is room")
            try require(policy.usedBytes == 25 && policy.count == 2, "shrunk")
            policy.recordHit(1)
            try require(!policy.admitting(1, size: 90).isEmpty && policy.usedBytes <= 100, "somebody had to leave")
        },
        EvictionConformance("demoted entries leave first, unless they are used again") { make in
            var policy = make(10, 1)
            for id: UInt64 in 1...10 {
                _ = policy.admitting(id)
                for _ in 0..<3 { policy.recordHit(id) }
            }
            for id: UInt64 in [9, 3, 6] { policy.demote(id) }
            policy.recordHit(6)
            var gone: [UInt64] = []
            var next: UInt64 = 100
            while gone.count < 2 && next < 200 {
                gone += policy.admitting(next).filter { $0 <= 10 }
                next += 1
            }
            try require(Set(gone) == [3, 9], "\(gone) left instead of 3 and 9")
            try require(policy.contains(6), "used again")
        },
        EvictionConformance("a copy has its own state") { make in
            var policy = make(10, 1)
            _ = policy.admitting(1)
            let before = policy
            _ = policy.admitting(2)
            policy.remove(1)
            try require(before.contains(1) && !before.contains(2) && before.count == 1, "the copy is as it was")
        },
    ]
}
