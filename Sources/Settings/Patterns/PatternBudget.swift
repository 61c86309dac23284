import JSON
import Synchronization

/// What all patterns of one request may take together: one is bounded by itself, hundreds on a long text are not.
///
/// When it is used up, no further pattern matches.
final class PatternBudget: Sendable {
    /// Steps of one request; a hundred ordinary patterns take some thousands.
    static let stepsMax = 4_000_000

    private let left = Atomic<Int>(stepsMax)

    /// Begins another request.
    func refill() { left.store(Self.stepsMax, ordering: .relaxed) }

    /// Whether a pattern matches a text, as long as there are steps.
    func matches(_ pattern: Pattern, _ text: ExactString) -> Bool {
        let allowed = left.load(ordering: .relaxed)
        guard allowed > 0 else { return false }
        let trial = pattern.trial(text, stepsMax: allowed)
        left.subtract(trial.steps + text.length, ordering: .relaxed)
        return trial.matches
    }
}
