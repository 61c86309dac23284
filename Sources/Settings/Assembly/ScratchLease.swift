/// What evaluation found, kept as long as its answer; then the memory goes back to be used again.
final class ScratchLease: Sendable {
    let scratch: EvaluationScratch
    private let view: ReleaseView

    init(_ scratch: consuming EvaluationScratch, of view: ReleaseView) {
        self.scratch = scratch
        self.view = view
    }

    /// The experiments of the context that was evaluated.
    func assignments(_ context: EvaluationContext) -> [ExperimentAssignment] {
        Evaluator(view.tables).assignments(context, scratch)
    }

    deinit {
        view.giveBack(scratch)
    }
}
