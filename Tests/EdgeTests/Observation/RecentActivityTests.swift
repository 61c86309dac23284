import Testing

@testable import Edge

@Suite("The last minute")
struct RecentActivityTests {
    private static func reading(_ hits: Int) -> EdgeReading {
        let metrics = EdgeMetrics()
        for _ in 0..<hits { metrics.countHit(bytes: 1) }
        return metrics.reading
    }

    @Test("right after the start it is as long as the process has run")
    func shortAtFirst() {
        var ring = ReadingRing()
        #expect(ring.change(to: Self.reading(3), at: .seconds(9)).length == .zero)
        ring.record(Self.reading(0), at: .seconds(10))
        let (change, length) = ring.change(to: Self.reading(4), at: .seconds(12))
        #expect(change[.hit].requests == 4 && length == .seconds(2))
    }

    @Test("what is older than a minute does not count")
    func forgets() {
        var ring = ReadingRing()
        for second in 0...300 { ring.record(Self.reading(second), at: .seconds(second)) }
        let (change, length) = ring.change(to: Self.reading(300), at: .seconds(300))
        #expect(length == .seconds(60) && change[.hit].requests == 60)
    }

    @Test("readings that came late make the time longer, not the rate wrong")
    func late() {
        var ring = ReadingRing()
        ring.record(Self.reading(0), at: .seconds(0))
        ring.record(Self.reading(100), at: .seconds(50))
        ring.record(Self.reading(150), at: .seconds(75))
        let (change, length) = ring.change(to: Self.reading(220), at: .seconds(110))
        #expect(length == .seconds(60) && change[.hit].requests == 120)
        let later = ring.change(to: Self.reading(220), at: .seconds(200))
        #expect(later.length == .seconds(125) && later.reading[.hit].requests == 70)
    }

    @Test("while it runs a reading is taken each second, and it ends when it is cancelled")
    func samples() async throws {
        let clock = SteppedClock()
        let metrics = EdgeMetrics()
        let activity = RecentActivity(metrics, clock: clock) { clock.now.offset }
        // Awaited at the end of the test.
        let running = Task { try await activity.run() }
        for _ in 0..<90 {
            metrics.count(.miss, bytes: 10, microseconds: 1)
            await clock.step()
        }
        let (change, length) = activity.lastMinute
        #expect(length == .seconds(60))
        #expect(change[.miss].requests == 60 && change[.miss].bytes == 600)
        running.cancel()
        try await running.value
    }
}
