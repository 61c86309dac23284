/// Checks derived renditions by sampling: some of them are rendered directly as well and compared (`RenderJob.Task`
/// `.similarity`), and this keeps the score.
///
/// One of every `interval` derivations is chosen, at a place within each run of `interval` that follows from the seed,
/// so that a rhythm in the requests is not sampled at one beat. Counters only; no clock, no work.
package struct DerivationAudit: Hashable, Sendable {
    /// 1 in how many derived renditions is compared; 0 is none.
    package let interval: Int

    /// Upper bounds (inclusive) of the histogram's buckets, SSIM; the last one is everything.
    package static let bounds = [0.9, Derivation.similarityMin, 0.96, 0.98, 0.99, 0.995, 0.999, 1]

    /// Comparisons by bucket of `bounds`.
    package private(set) var histogram = [Int](repeating: 0, count: bounds.count)
    package private(set) var derivations = 0
    package private(set) var comparisons = 0
    /// Chosen, but not compared: shed load, a failed render, other sizes.
    package private(set) var failures = 0
    package private(set) var similaritySum = 0.0
    /// The least that was seen; `nil` before the first comparison.
    package private(set) var similarityLeast: Double?

    private let seed: UInt64

    package init(interval: Int = 200, seed: UInt64) {
        self.interval = max(0, interval)
        self.seed = seed
    }

    /// Comparisons below `Derivation.similarityMin`.
    package private(set) var belowMinimum = 0

    /// Counts a derived rendition.
    ///
    /// - Returns: whether this one is to be compared; `recordSimilarity` or `recordFailure` must follow then.
    package mutating func recordDerivation() -> Bool {
        let index = derivations
        derivations += 1
        guard interval > 0 else { return false }
        let run = UInt64(index / interval)
        return UInt64(index % interval) == Self.mixed(seed &+ run) % UInt64(interval)
    }

    /// - Parameter similarity: SSIM of the derived and the direct rendition; anything out of −1…1 is a failure.
    /// - Returns: whether it is below what derivation promises, which is worth a line in the log.
    package mutating func recordSimilarity(_ similarity: Double) -> Bool {
        guard -1...1 ~= similarity else {
            failures += 1
            return false
        }
        comparisons += 1
        similaritySum += similarity
        similarityLeast = min(similarityLeast ?? similarity, similarity)
        let bucket = Self.bounds.firstIndex { similarity <= $0 } ?? Self.bounds.count - 1
        histogram[bucket] += 1
        guard similarity < Derivation.similarityMin else { return false }
        belowMinimum += 1
        return true
    }

    package mutating func recordFailure() { failures += 1 }

    /// SplitMix64's output function.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
