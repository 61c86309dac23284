import Telemetry

/// The edge's request counters at one moment, or what came between two moments; and what they say about the cache.
package struct EdgeReading: Hashable, Sendable {
    /// What is counted for one outcome.
    package struct Figures: Hashable, Sendable {
        package var requests = 0
        /// Of bodies.
        package var bytes = 0
        /// Time to answer, summed; nothing is measured for hits on the event loop.
        package var microseconds = 0
        /// Requests by bucket of `EdgeMetrics.buckets`, and past them all.
        package var times = Array(repeating: 0, count: EdgeMetrics.buckets.bounds.count + 1)

        /// The mean time to answer; `nil` where none was measured.
        package var meanMilliseconds: Double? {
            let measured = times.reduce(0, +)
            return measured > 0 ? Double(microseconds) / 1_000 / Double(measured) : nil
        }

        /// The time that a share (in 0…1) of the requests did not exceed, rounded up to a bucket's bound; `nil` where
        /// none was measured, infinite past the last bound.
        package func milliseconds(within share: Double) -> Double? {
            let measured = times.reduce(0, +)
            guard measured > 0 else { return nil }
            var seen = 0
            for (index, bound) in EdgeMetrics.buckets.bounds.enumerated() {
                seen += times[index]
                if Double(seen) >= share * Double(measured) { return bound * 1_000 }
            }
            return .infinity
        }
    }

    /// In the order of `Outcome.allCases`.
    private var figures: [Figures]

    init(figures: [Figures] = Outcome.allCases.map { _ in Figures() }) { self.figures = figures }

    package subscript(outcome: Outcome) -> Figures {
        Outcome.allCases.firstIndex(of: outcome).map { figures[$0] } ?? Figures()
    }

    /// What was counted after an earlier reading.
    package func since(_ earlier: EdgeReading) -> EdgeReading {
        EdgeReading(
            figures: zip(figures, earlier.figures).map { now, then in
                Figures(
                    requests: now.requests - then.requests,
                    bytes: now.bytes - then.bytes,
                    microseconds: now.microseconds - then.microseconds,
                    times: zip(now.times, then.times).map { $0 - $1 }
                )
            }
        )
    }

    /// Of viewers: the node's own paths are left out.
    package var requests: Int { sum(\.requests) { $0 != .own } }
    package var sentBytes: Int { sum(\.bytes) { $0 != .own } }
    /// Bytes of bodies that the origin did not have to send.
    package var savedBytes: Int { sum(\.bytes, where: \.sparesBytes) }

    /// Requests that cost the origin nothing, of those that a cache could have answered; `nil` without any.
    package var hitShare: Double? {
        Self.share(sum(\.requests, where: \.isHit), of: sum(\.requests, where: \.isCacheable))
    }

    /// The same for bytes, where a confirmed answer counts as spared.
    package var hitByteShare: Double? {
        Self.share(savedBytes, of: sum(\.bytes, where: \.isCacheable))
    }

    /// Of the requests for which nothing was stored, those that were rendered from a larger stored rendition instead of
    /// being fetched; `nil` without any.
    package var derivedShare: Double? {
        let derived = self[.derived].requests
        return Self.share(derived, of: derived + self[.miss].requests)
    }

    private func sum(_ figure: KeyPath<Figures, Int>, where counts: (Outcome) -> Bool) -> Int {
        zip(Outcome.allCases, figures).reduce(0) { $0 + (counts($1.0) ? $1.1[keyPath: figure] : 0) }
    }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
