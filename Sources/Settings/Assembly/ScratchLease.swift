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

    /// Adds which experiments the context is in, and as whom.
    func mark(_ fingerprint: inout Fingerprint) {
        for found in scratch.found {
            let place = UInt64(UInt32(bitPattern: found.feature)) &<< 32 | UInt64(UInt32(bitPattern: found.rule))
            fingerprint.combine(place)
            let run = UInt64(UInt32(bitPattern: found.run.variation)) &<< 32
            fingerprint.combine(run | UInt64(UInt32(bitPattern: found.run.slot)))
        }
        for slot in scratch.slots { fingerprint.combine(UInt64(UInt32(bitPattern: slot.end &- slot.start))) }
        var word: UInt64 = 0
        for (index, unit) in scratch.units.enumerated() {
            word = word &<< 16 | UInt64(unit)
            if index & 3 == 3 {
                fingerprint.combine(word)
                word = 0
            }
        }
        fingerprint.combine(word)
    }

    deinit {
        view.giveBack(scratch)
    }
}
