import Synchronization
import Telemetry

/// What the pictures of each arm of the experiments cost: bytes and times, hits and misses kept apart, since an arm
/// with few viewers has fewer hits whatever its format.
package final class ArmLedger: Sendable {
    /// Pictures delivered in one way.
    package struct Figures: Sendable, Equatable {
        package var pictures = 0
        package var bytes = 0
        package var microseconds = 0
        /// By bucket of `EdgeMetrics.buckets`, and one past them all.
        var times = [Int](repeating: 0, count: EdgeMetrics.buckets.bounds.count + 1)

        mutating func add(bytes: Int, microseconds: Int) {
            pictures += 1
            self.bytes += bytes
            self.microseconds += microseconds
            times[EdgeMetrics.buckets.index(of: Double(microseconds) / 1e6)] += 1
        }

        package var meanBytes: Double? { pictures > 0 ? Double(bytes) / Double(pictures) : nil }
        package var meanMilliseconds: Double? { pictures > 0 ? Double(microseconds) / 1e3 / Double(pictures) : nil }

        /// Milliseconds that a share of the pictures, 0…1, did not exceed, rounded up to a bucket's bound; `nil`
        /// without pictures, infinite past the last bucket.
        package func milliseconds(within share: Double) -> Double? {
            guard pictures > 0 else { return nil }
            var seen = 0
            for (index, bound) in EdgeMetrics.buckets.bounds.enumerated() {
                seen += times[index]
                if Double(seen) >= share * Double(pictures) { return bound * 1e3 }
            }
            return .infinity
        }
    }

    package struct Row: Sendable, Equatable {
        package var experiment: String
        package var variation: String
        package var hits = Figures()
        package var misses = Figures()
    }

    private struct Key: Hashable {
        var experiment: String
        var variation: String
    }

    /// Arms that are kept; pictures of further ones are counted together under `other`.
    static let armsMax = 64

    private let rows: Mutex<[Key: Row]> = Mutex([:])

    func count(_ arm: PictureArm, isHit: Bool, bytes: Int, microseconds: Int) {
        rows.withLock { rows in
            var key = Key(experiment: arm.experiment, variation: arm.variation)
            if rows[key] == nil, rows.count >= Self.armsMax { key = Key(experiment: "other", variation: "other") }
            var row = rows[key] ?? Row(experiment: key.experiment, variation: key.variation)
            if isHit {
                row.hits.add(bytes: bytes, microseconds: microseconds)
            } else {
                row.misses.add(bytes: bytes, microseconds: microseconds)
            }
            rows[key] = row
        }
    }

    /// By experiment and variation.
    package var reading: [Row] {
        rows.withLock { Array($0.values) }
            .sorted { ($0.experiment, $0.variation) < ($1.experiment, $1.variation) }
    }
}
