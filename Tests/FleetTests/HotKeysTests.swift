import Fleet
import Foundation
import Testing

@Suite("HotKeys")
struct HotKeysTests {
    /// Keys by a Zipf distribution; the key of rank r is `key(r)`.
    private struct Trace {
        private let sums: [Double]

        init(keys: Int, exponent: Double) {
            var sum = 0.0
            sums = (1...keys).map { rank in
                sum += 1 / pow(Double(rank), exponent)
                return sum
            }
        }

        func share(of rank: Int) -> Double { (sums[rank] - (rank == 0 ? 0 : sums[rank - 1])) / (sums.last ?? 1) }

        func rank(_ generator: inout SeededGenerator) -> Int {
            let point = Double.random(in: 0..<(sums.last ?? 1), using: &generator)
            var low = 0
            var high = sums.count - 1
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > point { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    private static func key(_ rank: Int) -> (high: UInt64, low: UInt64) { (UInt64(rank) << 32, UInt64(rank)) }

    @Test("an estimate is never too low, and seldom too high by more than e / width of all")
    func errorBounds() {
        let trace = Trace(keys: 50_000, exponent: 1)
        var generator = SeededGenerator(seed: 1)
        var hotKeys = HotKeys(limits: .init(width: 1024, window: 1_000_000), seed: 99)
        var counts = Array(repeating: 0, count: 50_000)
        for _ in 0..<300_000 {
            let rank = trace.rank(&generator)
            counts[rank] += 1
            hotKeys.record(Self.key(rank))
        }
        let bound = 2.71829 / 1024 * 300_000
        var beyond = 0
        for (rank, count) in counts.enumerated() {
            let estimate = hotKeys.estimate(Self.key(rank))
            #expect(estimate >= count)
            if Double(estimate) > Double(count) + bound { beyond += 1 }
        }
        // 1 / e⁴ of the keys.
        #expect(Double(beyond) < 0.0184 * 50_000)
    }

    @Test("with decay, estimates follow the exact decayed count")
    func decay() {
        let trace = Trace(keys: 5000, exponent: 1.1)
        var generator = SeededGenerator(seed: 2)
        var hotKeys = HotKeys(limits: .init(window: 10_000), seed: 3)
        var exact = Array(repeating: 0.0, count: 5000)
        var total = 0
        for _ in 0..<100_000 {
            if total >= 10_000 {
                total /= 2
                for rank in exact.indices { exact[rank] /= 2 }
            }
            let rank = trace.rank(&generator)
            exact[rank] += 1
            total += 1
            hotKeys.record(Self.key(rank))
        }
        #expect(hotKeys.total == total)
        for (rank, count) in exact.enumerated() {
            // Halving rounds down, by less than 1 in all.
            #expect(Double(hotKeys.estimate(Self.key(rank))) > count - 1)
            #expect(Double(hotKeys.estimate(Self.key(rank))) < count + 2.71829 / 4096 * 10_000)
        }
    }

    @Test("keys with more than the share are hot, keys with clearly less are not, and hot ones are few")
    func hot() {
        let trace = Trace(keys: 50_000, exponent: 1)
        var generator = SeededGenerator(seed: 5)
        var hotKeys = HotKeys(seed: 6)
        for _ in 0..<400_000 { hotKeys.record(Self.key(trace.rank(&generator))) }
        var hot = 0
        for rank in 0..<50_000 {
            let share = trace.share(of: rank)
            let isHot = hotKeys.isHot(Self.key(rank))
            if share > 0.003 { #expect(isHot, "rank \(rank) has \(share)") }
            if share < 0.001 { #expect(!isHot, "rank \(rank) has \(share)") }
            if isHot { hot += 1 }
        }
        #expect(hot > 10 && Double(hot) <= 1 / 0.002)
    }

    @Test("the list has the most popular keys in order, with their shares")
    func top() {
        let trace = Trace(keys: 20_000, exponent: 1)
        var generator = SeededGenerator(seed: 7)
        var hotKeys = HotKeys(limits: .init(window: 1_000_000, topMax: 30), seed: 8)
        var counts: [UInt64: Int] = [:]
        for _ in 0..<200_000 {
            let rank = trace.rank(&generator)
            counts[UInt64(rank), default: 0] += 1
            hotKeys.record(Self.key(rank))
        }
        let top = hotKeys.top
        #expect(top.count == 30)
        #expect(top.map(\.count) == top.map(\.count).sorted(by: >))
        let expected = counts.sorted { $0.value > $1.value }.prefix(20)
        #expect(expected.allSatisfy { pair in top.contains { $0.low == pair.key && $0.high == pair.key << 32 } })
        #expect(top[0].low == 0 && abs(top[0].share - trace.share(of: 0)) < 0.01)
        #expect(Set(top.map(\.low)).count == 30)
        for key in top { #expect(key.count >= counts[key.low] ?? 0) }
    }

    @Test("few requests make nothing hot; enough of them do at once")
    func countMin() {
        var hotKeys = HotKeys(seed: 1)
        for count in 1...100 { #expect(hotKeys.record((1, 1)) == (count >= 16)) }
        #expect(!hotKeys.isHot((2, 2)))
    }

    @Test("what was popular is forgotten when others take over, or when the timer says so")
    func fades() {
        var hotKeys = HotKeys(limits: .init(window: 10_000), seed: 1)
        for _ in 0..<10_000 { hotKeys.record((1, 1)) }
        #expect(hotKeys.isHot((1, 1)))
        var quiet = hotKeys
        for number in 0..<80_000 as Range<UInt64> { hotKeys.record((2, number % 1000)) }
        #expect(!hotKeys.isHot((1, 1)))
        #expect(!hotKeys.top.contains { $0.high == 1 })
        for _ in 0..<20 { quiet.decay() }
        #expect(!quiet.isHot((1, 1)) && quiet.total == 0 && quiet.top.isEmpty)
    }

    @Test("counts are the same for one seed, and collide differently for another")
    func seeds() {
        var first = HotKeys(limits: .init(width: 16, countMin: 1), seed: 1)
        var second = HotKeys(limits: .init(width: 16, countMin: 1), seed: 2)
        var again = first
        for number in 0..<500 as Range<UInt64> {
            for _ in 0..<(number % 7) {
                first.record((number, 0))
                second.record((number, 0))
                again.record((number, 0))
            }
        }
        let keys = 0..<500 as Range<UInt64>
        #expect(keys.allSatisfy { first.estimate(($0, 0)) == again.estimate(($0, 0)) })
        #expect(keys.contains { first.estimate(($0, 0)) != second.estimate(($0, 0)) })
    }
}
