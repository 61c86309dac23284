/// How long to wait after failures: doubling from `first` to `longest`, each time cut by a random part of up to half so
/// that many nodes do not ask at once.
package struct Backoff: Hashable, Sendable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration = .milliseconds(100), longest: Duration = .seconds(5)) {
        self.first = first
        self.longest = longest
    }

    /// The pause after so many failures in a row.
    ///
    /// - Parameters:
    ///   - failures: from 1.
    ///   - random: in [0, 1).
    /// - Returns: between half of and all of the pause that doubling gives.
    package func pause(after failures: Int, random: Double) -> Duration {
        var pause = first
        for _ in 0..<min(max(failures - 1, 0), 32) where pause < longest { pause *= 2 }
        return min(pause, longest) * (1 - min(max(random, 0), 1) / 2)
    }
}
