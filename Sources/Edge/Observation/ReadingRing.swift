/// Readings of the last minute, one a second: what a rate is the difference of.
package struct ReadingRing: Sendable {
    package static let length = Duration.seconds(60)
    package static let interval = Duration.seconds(1)
    /// One more than fit the length, so that the oldest is as old as it.
    private static let readingsMax = 61

    private struct Entry: Sendable {
        var at: Duration
        var reading: EdgeReading
    }

    private var entries: [Entry] = []

    package init() {}

    /// Keeps a reading; those older than `length` go, but for the youngest of them.
    ///
    /// The time is since a fixed moment, and not before the last one.
    package mutating func record(_ reading: EdgeReading, at now: Duration) {
        entries.append(Entry(at: now, reading: reading))
        let expired = entries.lastIndex { now - $0.at >= Self.length } ?? 0
        entries.removeFirst(max(expired, entries.count - Self.readingsMax))
    }

    /// What was counted in the last minute, or since the first reading if that is later, and how long that was.
    package func change(to reading: EdgeReading, at now: Duration) -> (reading: EdgeReading, length: Duration) {
        guard let first = entries.last(where: { now - $0.at >= Self.length }) ?? entries.first else {
            return (EdgeReading(), .zero)
        }
        return (reading.since(first.reading), now - first.at)
    }
}
