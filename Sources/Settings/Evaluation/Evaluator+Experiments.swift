import JSON

extension Evaluator {
    /// Runs an experiment, in the order of the reference.
    ///
    /// - Throws: where the reference throws.
    func run(
        _ index: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> ExperimentRun {
        let experiment = tables.experiments[Int(index)]
        let fallback = scratch.sticky == nil || experiment.row.isStickyDisabled ? -1 : experiment.row.fallback
        let (slot, hasValue) = try resolve(experiment.row.slot, fallback, context, &scratch)
        let leaf = leaf(of: experiment, &scratch)
        let end = RunEnd(experiment: experiment, index: index, slot: slot, leaf: leaf)
        if experiment.row.count < 2 { return try end.out(.tooFewVariations) }
        if !context.isEnabled { return try end.out(.disabled) }
        if let targets = experiment.row.urlTargets {
            if experiment.row.hasMalformedTargets { throw .malformedRule }
            if !URLTarget.matches(context.url, targets) { return try end.out(.urlNotTargeted) }
        }
        if !context.url.isEmpty, experiment.row.keyIsText,
            let forced = QueryOverride.variation(of: experiment.row.key, in: context.url, count: experiment.row.count)
        {
            return try end.forced(.number(forced), .forcedByURL, &scratch)
        }
        if !context.forcedVariations.isEmpty, let forced = context.forcedVariations[experiment.row.key] {
            return try end.forced(forced, .forcedByContext, &scratch)
        }
        if experiment.row.isInactive { return try end.out(.inactive) }
        guard hasValue else { return try end.out(.noHashAttribute) }
        var sticky = StickyAnswer.none
        if scratch.sticky != nil, !experiment.row.isStickyDisabled {
            sticky = try stickyAnswer(experiment, context, &scratch)
        }
        if case .found = sticky {
        } else if let reason = try exclusion(experiment, slot, context, &scratch) {
            return try end.out(reason)
        }
        switch experiment.row.oldURL {
        case .none: break
        case .pattern(let pattern):
            if !URLTarget.matches(context.url, old: pattern) { return try end.out(.urlNotTargeted) }
        case .malformed:
            if context.url.isEmpty { return try end.out(.urlNotTargeted) }
            throw .malformedRule
        }
        guard experiment.row.version != 0 else { return try end.out(.badHashVersion) }
        let bucket = hash(experiment.row.seed, slot, experiment.row.version, scratch)
        return try assign(end, bucket, sticky, context, &scratch)
    }

    /// The first leaf of the experiment's contextual bandit whose condition holds.
    private func leaf(of experiment: ExperimentEntry, _ scratch: inout EvaluationScratch) -> Int32 {
        guard experiment.row.bandit >= 0 else { return BanditRow.none }
        for (index, leaf) in tables.bandits[Int(experiment.row.bandit)].leaves.enumerated() {
            let holds =
                leaf.condition < 0
                || tables.conditions.evaluate(ConditionID(index: leaf.condition), &scratch.conditions)
            if holds { return leaf.isUsable ? Int32(index) : BanditRow.fallback }
        }
        return BanditRow.fallback
    }

    /// What is left when the bucket is known.
    private func assign(
        _ end: RunEnd,
        _ bucket: Double,
        _ sticky: StickyAnswer,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> ExperimentRun {
        let experiment = end.experiment
        var assigned: Int32 = -1
        var isSticky = false
        if case .found(let variation) = sticky {
            assigned = variation
            isSticky = true
        } else {
            var spans = (range: experiment.row.spans, isMalformed: experiment.row.hasMalformedSpans)
            if end.leaf >= 0 {
                let leaf = tables.bandits[Int(experiment.row.bandit)].leaves[Int(end.leaf)]
                spans = (leaf.spans, leaf.hasMalformedSpans)
            }
            if spans.isMalformed { throw .malformedRule }
            assigned = try place(bucket, in: spans.range)
        }
        if case .blocked = sticky { return try end.out(.blockedBucketVersion, stickyBucketUsed: true) }
        if assigned < 0 { return try end.out(.notCovered) }
        if let force = experiment.row.force { return try end.forced(force, .forced, &scratch) }
        if context.qaMode { return try end.out(.qaMode) }
        if experiment.row.isStopped { return try end.out(.stopped) }
        let run = try end.finish(
            assigned,
            isSticky ? .stickyAssigned : .assigned,
            hashUsed: true,
            bucket: bucket,
            isSticky: isSticky
        )
        if scratch.sticky != nil, !experiment.row.isStickyDisabled { store(run, context, &scratch) }
        return run
    }

    /// Why a user without a stored assignment is not in an experiment; `nil` when nothing speaks against it.
    private func exclusion(
        _ experiment: ExperimentEntry,
        _ slot: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> ExperimentResult.Reason? {
        if experiment.row.hasFilters {
            if experiment.row.hasMalformedFilters { throw .malformedRule }
            if try isFilteredOut(experiment.row.filters, context, &scratch) { return .filteredOut }
        } else if experiment.row.namespaceSeed >= 0 {
            let number = hash(experiment.row.namespaceSeed, slot, 1, scratch)
            if !experiment.row.namespace.contains(number) { return .notInNamespace }
        }
        if experiment.row.isExcluded { return .notIncluded }
        if experiment.row.condition >= 0,
            !tables.conditions.evaluate(ConditionID(index: experiment.row.condition), &scratch.conditions)
        {
            return .conditionFailed
        }
        if experiment.row.hasMalformedParents { throw .malformedRule }
        if !experiment.row.parents.isEmpty {
            guard case .all = try holds(experiment.row.parents, context, &scratch) else { return .prerequisite }
        }
        if let groups = experiment.row.groups, !groups.contains(where: { ScriptValue.truth(context.groups[$0]) }) {
            return .notInGroup
        }
        return nil
    }
}
