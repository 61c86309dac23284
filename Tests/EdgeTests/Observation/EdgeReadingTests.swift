import Testing

@testable import Edge

@Suite("What the counters say about the cache")
struct EdgeReadingTests {
    private static func reading(_ counts: [(Outcome, Int, Int)]) -> EdgeReading {
        let metrics = EdgeMetrics()
        for (outcome, requests, bytes) in counts {
            for _ in 0..<requests { metrics.count(outcome, bytes: bytes, microseconds: 1_000) }
        }
        return metrics.reading
    }

    @Test("the hit ratio is of what a cache could have answered")
    func hitShareLeavesOthersOut() {
        let reading = Self.reading([
            (.hit, 6, 10), (.hitDisk, 1, 10), (.collapsed, 1, 10), (.validated, 1, 30), (.miss, 1, 10),
            (.own, 50, 10), (.passed, 50, 10), (.method, 50, 10), (.failed, 50, 10), (.shed, 50, 10), (.gone, 50, 10),
        ])
        #expect(reading.hitShare == 0.8)
        #expect(reading.hitByteShare == 110.0 / 120)
        #expect(reading.savedBytes == 110)
        #expect(reading.requests == 260)
        #expect(reading.sentBytes == 80 + 30 + 10 + 250 * 10)
    }

    @Test("without a cacheable request there is no ratio")
    func noShareOfNothing() {
        #expect(EdgeReading().hitShare == nil)
        #expect(Self.reading([(.own, 3, 1), (.passed, 3, 1)]).hitShare == nil)
        #expect(EdgeReading().derivedShare == nil)
    }

    @Test("the derived share is of those for whom nothing was stored")
    func derivedShare() {
        #expect(Self.reading([(.derived, 1, 1), (.miss, 3, 1), (.hit, 90, 1)]).derivedShare == 0.25)
    }

    @Test("each outcome is a hit, cacheable or neither, and a hit is cacheable", arguments: Outcome.allCases)
    func hitsAreCacheable(outcome: Outcome) {
        #expect(!outcome.isHit || outcome.isCacheable)
        #expect(!outcome.sparesBytes || outcome.isCacheable)
    }

    @Test("the difference of two readings is what came between them")
    func difference() {
        let metrics = EdgeMetrics()
        metrics.count(.miss, bytes: 100, microseconds: 5_000)
        let before = metrics.reading
        metrics.count(.miss, bytes: 7, microseconds: 900)
        metrics.count(.hit, bytes: 3, microseconds: 1)
        let change = metrics.reading.since(before)
        #expect(change[.miss].requests == 1 && change[.miss].bytes == 7 && change[.miss].microseconds == 900)
        #expect(change[.miss].times.reduce(0, +) == 1)
        #expect(change[.hit].requests == 1)
    }

    @Test("a share of the requests took no longer than a bucket's bound")
    func quantiles() throws {
        let metrics = EdgeMetrics()
        for _ in 0..<95 { metrics.count(.miss, bytes: 0, microseconds: 2_000) }
        for _ in 0..<5 { metrics.count(.miss, bytes: 0, microseconds: 90_000_000) }
        let figures = metrics.reading[.miss]
        #expect(figures.milliseconds(within: 0.95) == 2.5)
        #expect(figures.milliseconds(within: 0.96) == .infinity)
        let mean = try #require(figures.meanMilliseconds)
        #expect(abs(mean - 4_501.9) < 0.001)
    }

    @Test("a hit on the event loop is counted, its time is not made up")
    func hitsHaveNoTime() {
        let metrics = EdgeMetrics()
        metrics.countHit(bytes: 12)
        #expect(metrics.requests(.hit) == 1)
        #expect(metrics.reading[.hit].meanMilliseconds == nil)
        #expect(metrics.reading[.hit].milliseconds(within: 0.5) == nil)
    }

    @Test("every reason not to store has a label of its own, and is counted under it")
    func reasons() {
        let metrics = EdgeMetrics()
        #expect(Set(UnstoredReason.all.map(\.text)).count == UnstoredReason.all.count)
        for (index, reason) in UnstoredReason.all.enumerated() {
            for _ in 0...index { metrics.countUnstored(reason) }
        }
        for (index, reason) in UnstoredReason.all.enumerated() { #expect(metrics.unstored(reason) == index + 1) }
    }
}
