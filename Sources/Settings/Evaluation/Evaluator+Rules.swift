import JSON

extension Evaluator {
    /// Walks a setting's rules to the first that decides.
    ///
    /// - Throws: where the reference throws.
    func decide(
        _ feature: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Decision {
        if scratch.path.contains(feature) { return Decision(.cyclicPrerequisite, Decision.null) }
        let row = tables.features[Int(feature)]
        if !context.forcedFeatures.isEmpty,
            context.forcedFeatures[tables.document.features[Int(feature)].key] != nil
        {
            return Decision(.override, Decision.given)
        }
        guard row.isKnown else { return Decision(.unknownFeature, Decision.null) }
        guard scratch.path.count < EvaluationScratch.depthMax else { throw .tooMuchWork }
        scratch.path.append(feature)
        var decided: Decision?
        if !row.isKilled, counts(row.schedule, context) {
            if row.isMalformed { throw .malformedRule }
            for rule in row.rules {
                decided = try apply(rule, of: feature, row, context, &scratch)
                if decided != nil { break }
            }
        }
        scratch.path.removeLast()
        let decision = decided ?? Decision(.defaultValue, row.hasDefault ? 0 : Decision.null)
        if !row.reachesCycle { scratch.memo[Int(feature)] = decision.packed }
        return decision
    }

    @inline(__always)
    private func counts(_ schedule: Int32, _ context: EvaluationContext) -> Bool {
        schedule < 0 || tables.schedules[Int(schedule)].contains(context.nowMilliseconds)
    }

    /// What a rule decides; `nil` when it leaves that to the next.
    @inline(__always)
    private func apply(
        _ index: Int32,
        of feature: Int32,
        _ featureRow: FeatureRow,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Decision? {
        let rule = tables.rules[Int(index)]
        let ordinal = index - featureRow.rules.lowerBound
        scratch.steps += 1
        if scratch.steps > EvaluationScratch.stepsMax { throw .tooMuchWork }
        if rule.isKilled { return skip(.killed, &scratch) }
        guard counts(rule.schedule, context) else { return skip(.outsideSchedule, &scratch) }
        if rule.hasMalformedParents { throw .malformedRule }
        if !rule.parents.isEmpty {
            switch try holds(rule.parents, context, &scratch) {
            case .all: break
            case .cycle: return Decision(.cyclicPrerequisite, Decision.null, rule: ordinal)
            case .gate: return Decision(.prerequisite, Decision.null, rule: ordinal)
            case .not(let parent): return skip(.prerequisite(tables.parents[parent].id), &scratch)
            }
        }
        if rule.hasMalformedFilters { throw .malformedRule }
        if !rule.filters.isEmpty, try isFilteredOut(rule.filters, context, &scratch) {
            return skip(.filteredOut, &scratch)
        }
        switch rule.kind {
        case .force:
            if rule.condition >= 0,
                !tables.conditions.evaluate(ConditionID(index: rule.condition), &scratch.conditions)
            {
                return skip(.conditionFailed, &scratch)
            }
            if rule.rollout >= 0, !(try isIncluded(tables.rollouts[Int(rule.rollout)], context, &scratch)) {
                return skip(.notInRollout, &scratch)
            }
            note(.matched, &scratch)
            return Decision(.force, Int32(rule.candidate), rule: ordinal)
        case .experiment:
            return try decide(experimentOf: rule, feature, ordinal, context, &scratch)
        case .noValue: return skip(.noValue, &scratch)
        case .malformed: throw .malformedRule
        }
    }

    private func decide(
        experimentOf rule: RuleRow,
        _ feature: Int32,
        _ ordinal: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Decision? {
        if scratch.isPlain, tables.plainExperiments[Int(rule.experiment)].isPlain,
            scratch.sticky == nil || tables.plainExperiments[Int(rule.experiment)].isStickyDisabled
        {
            return try decide(plainly: rule.experiment, feature, ordinal, context, &scratch)
        }
        let run = try run(rule.experiment, context, &scratch)
        scratch.lastRun = run
        if run.inExperiment, run.hashUsed {
            scratch.found.append(FoundAssignment(feature: feature, rule: ordinal, run: run))
        }
        guard run.inExperiment else { return skip(.notInExperiment(run.reason), &scratch) }
        guard !run.isPassthrough else { return skip(.passedThrough, &scratch) }
        note(.matched, &scratch)
        let experiment = tables.experiments[Int(rule.experiment)]
        let variation =
            run.variation >= 0
            ? Int(run.variation) : ScriptValue.text(scratch.oddVariation).arrayIndex.map { Int($0) } ?? -1
        let variations = experiment.row.variations
        let hasValue = variations.indices.contains(variation) && !variations[variation].isMissing
        let value = hasValue ? Int32(experiment.row.firstCandidate + variation) : Decision.undefined
        return Decision(.experiment, value, rule: ordinal)
    }

    /// The same for a ``PlainExperiment`` and a context that asks for nothing special.
    @inline(__always)
    private func decide(
        plainly index: Int32,
        _ feature: Int32,
        _ ordinal: Int32,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Decision? {
        let experiment = tables.plainExperiments[Int(index)]
        guard try resolve(experiment.slot, context, &scratch) else { return nil }
        if experiment.namespaceSeed >= 0,
            !experiment.namespace.contains(hash(experiment.namespaceSeed, experiment.slot, 1, scratch))
        {
            return nil
        }
        if experiment.condition >= 0,
            !tables.conditions.evaluate(ConditionID(index: experiment.condition), &scratch.conditions)
        {
            return nil
        }
        let bucket = hash(experiment.seed, experiment.slot, experiment.version, scratch)
        let variation = try place(bucket, in: experiment.spans)
        guard variation >= 0 else { return nil }
        let run = ExperimentRun(
            experiment: index,
            reason: .assigned,
            variation: variation,
            inExperiment: true,
            hashUsed: true,
            stickyBucketUsed: false,
            isPassthrough: false,
            slot: experiment.slot,
            bucket: bucket,
            leaf: BanditRow.none
        )
        scratch.found.append(FoundAssignment(feature: feature, rule: ordinal, run: run))
        let isMissing = experiment.missing &>> UInt64(variation) & 1 == 1
        let value = isMissing ? Decision.undefined : experiment.firstCandidate + variation
        return Decision(.experiment, value, rule: ordinal)
    }

    @inline(__always)
    private func skip(_ verdict: RuleVerdict, _ scratch: inout EvaluationScratch) -> Decision? {
        note(verdict, &scratch)
        return nil
    }

    @inline(__always)
    private func note(_ verdict: @autoclosure () -> RuleVerdict, _ scratch: inout EvaluationScratch) {
        if scratch.verdicts != nil, scratch.path.count == 1 { scratch.verdicts?.append(verdict()) }
    }

    enum ParentsAnswer {
        case all, cycle, gate
        case not(Int)
    }

    /// Whether all prerequisites hold.
    func holds(
        _ parents: Range<Int32>,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> ParentsAnswer {
        for index in parents {
            let parent = tables.parents[Int(index)]
            if parent.isMalformed { throw .malformedRule }
            var ordinal = Decision.null
            if parent.feature < 0 {
                if !context.forcedFeatures.isEmpty, context.forcedFeatures[parent.id] != nil {
                    ordinal = Decision.given
                }
            } else if scratch.memo[Int(parent.feature)] != 0 {
                ordinal = Decision.ordinal(packed: scratch.memo[Int(parent.feature)])
            } else {
                let decision = try decide(parent.feature, context, &scratch)
                if decision.source == .cyclicPrerequisite { return .cycle }
                ordinal = decision.ordinal
            }
            let holds =
                switch ordinal {
                case Decision.given:
                    TableBuilder.holds(parent.condition, context.forcedFeatures[parent.id])
                case 0...: parent.holds[Int(ordinal)]
                default: parent.holdsForNull
                }
            if !holds { return parent.isGate ? .gate : .not(Int(index)) }
        }
        return .all
    }

    /// Whether the user is outside of one of the filters.
    func isFilteredOut(
        _ filters: Range<Int32>,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Bool {
        for index in filters {
            let filter = tables.filters[Int(index)]
            if filter.isMalformed { throw .malformedRule }
            guard try resolve(filter.slot, context, &scratch) else { return true }
            guard filter.version != 0 else { return true }
            if filter.hasMalformedSpans { throw .malformedRule }
            let number = hash(filter.seed, filter.slot, filter.version, scratch)
            if try place(number, in: filter.spans) < 0 { return true }
        }
        return false
    }

    /// The index of the first span that holds a number, −1 for none.
    func place(_ number: Double, in spans: Range<Int32>) throws(EvaluationFault) -> Int32 {
        for index in spans {
            let span = tables.spans[Int(index)]
            if span.isMalformed { throw .malformedRule }
            if span.contains(number) { return index - spans.lowerBound }
        }
        return -1
    }

    private func isIncluded(
        _ rollout: RolloutRow,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> Bool {
        if rollout.isEmpty { return false }
        let fallback = scratch.sticky == nil ? -1 : rollout.fallback
        let (slot, hasValue) = try resolve(rollout.slot, fallback, context, &scratch)
        guard hasValue, rollout.version != 0 else { return false }
        let number = hash(rollout.seed, slot, rollout.version, scratch)
        if rollout.isRange { return number >= rollout.low && number < rollout.high }
        return number <= rollout.coverage
    }
}
