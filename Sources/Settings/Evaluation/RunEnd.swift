import JSON

/// The last step of every way out of an experiment (the reference's `getExperimentResult`).
struct RunEnd {
    let experiment: ExperimentEntry
    let index: Int32
    let slot: Int32
    let leaf: Int32

    /// Not in the experiment.
    ///
    /// - Throws: `.malformedRule` when `meta` is there and has nothing for the first variation.
    func out(
        _ reason: ExperimentResult.Reason,
        stickyBucketUsed: Bool = false
    ) throws(EvaluationFault) -> ExperimentRun {
        try finish(-1, reason, hashUsed: false, bucket: .nan, isSticky: stickyBucketUsed)
    }

    /// A variation by its index.
    func finish(
        _ variation: Int32,
        _ reason: ExperimentResult.Reason,
        hashUsed: Bool,
        bucket: Double,
        isSticky: Bool
    ) throws(EvaluationFault) -> ExperimentRun {
        let isValid = variation >= 0 && !(Double(variation) >= experiment.row.mergedCount)
        let chosen = isValid ? variation : 0
        var isPassthrough = false
        if experiment.row.hasMeta {
            let meta = experiment.row.meta[min(Int(chosen), experiment.row.meta.count - 1)]
            if meta.isMissing { throw .malformedRule }
            isPassthrough = meta.passthrough != nil
        }
        return ExperimentRun(
            experiment: index,
            reason: reason,
            variation: chosen,
            inExperiment: isValid,
            hashUsed: hashUsed,
            stickyBucketUsed: isSticky,
            isPassthrough: isPassthrough,
            slot: slot,
            bucket: bucket,
            leaf: leaf
        )
    }

    /// A variation that something else than the bucket asks for: any value.
    func forced(
        _ value: JSONValue,
        _ reason: ExperimentResult.Reason,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> ExperimentRun {
        let number = ScriptValue.number(value)
        if number < 0 || number >= experiment.row.mergedCount {
            return try finish(-1, reason, hashUsed: false, bucket: .nan, isSticky: false)
        }
        if value.double != nil, number >= 0, number < 1_000_000, number == number.rounded() {
            return try finish(Int32(number), reason, hashUsed: false, bucket: .nan, isSticky: false)
        }
        scratch.oddVariation = value
        let place = ScriptValue.text(value).arrayIndex.map { Int($0) }
        var isPassthrough = false
        if experiment.row.hasMeta {
            guard let place, place < experiment.row.meta.count, !experiment.row.meta[place].isMissing else {
                throw .malformedRule
            }
            isPassthrough = experiment.row.meta[place].passthrough != nil
        }
        return ExperimentRun(
            experiment: index,
            reason: reason,
            variation: -1,
            inExperiment: true,
            hashUsed: false,
            stickyBucketUsed: false,
            isPassthrough: isPassthrough,
            slot: slot,
            bucket: .nan,
            leaf: leaf
        )
    }
}
