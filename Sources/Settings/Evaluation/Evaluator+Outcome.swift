package import JSON

extension Evaluator {
    /// A decision in full.
    func outcome(
        _ decision: Decision,
        _ feature: Int,
        _ context: EvaluationContext,
        _ scratch: EvaluationScratch,
        fault: EvaluationFault? = nil
    ) -> FeatureOutcome {
        let authored = tables.document.features[feature]
        let value: FeatureOutcome.Value =
            switch decision.ordinal {
            case Decision.given: .given(context.forcedFeatures[authored.key] ?? .null)
            case Decision.undefined: .undefined
            case Decision.null: .null
            default: .candidate(ordinal: Int(decision.ordinal), authored.candidates[Int(decision.ordinal)])
            }
        let isDecided = decision.source == .force || decision.source == .experiment
        let rule = decision.rule < 0 ? nil : Int(decision.rule)
        var experiment: ExperimentResult?
        if decision.source == .experiment, let run = scratch.lastRun { experiment = result(of: run, context, scratch) }
        return FeatureOutcome(
            value,
            decision.source,
            rule: rule,
            ruleID: isDecided ? rule.flatMap { ScriptValue.truthy(authored.rules[$0].source["id"]) } : nil,
            experiment: experiment,
            verdicts: (scratch.verdicts ?? []) + (fault == nil ? [] : [.malformed]),
            fault: fault
        )
    }

    /// The reference's result of a run.
    func result(
        of run: ExperimentRun,
        _ context: EvaluationContext,
        _ scratch: EvaluationScratch
    ) -> ExperimentResult {
        let experiment = tables.experiments[Int(run.experiment)]
        let slot = tables.slots[Int(run.slot)]
        let isOdd = run.variation < 0
        let place = isOdd ? ScriptValue.text(scratch.oddVariation).arrayIndex.map { Int($0) } : Int(run.variation)
        let metas = experiment.row.meta
        let meta = experiment.row.hasMeta ? place.map { metas[min($0, metas.count - 1)] } : nil
        let text = isOdd ? ScriptValue.text(scratch.oddVariation) : ExactString(String(run.variation))
        let hasValue = place.map { experiment.row.variations.indices.contains($0) } ?? false
        return ExperimentResult(
            reason: run.reason,
            inExperiment: run.inExperiment,
            hashUsed: run.hashUsed,
            variationID: isOdd ? scratch.oddVariation : .number(Int(run.variation)),
            key: ScriptValue.truthy(meta?.key) ?? .string(text),
            name: meta?.name,
            passthrough: meta?.passthrough,
            hashAttribute: slot.name,
            hashValue: hashValue(of: run, experiment, context, scratch),
            bucket: run.bucket.isNaN ? nil : run.bucket,
            stickyBucketUsed: run.stickyBucketUsed,
            variation: hasValue ? place : nil,
            value: hasValue ? experiment.row.variations[place ?? 0] : .missing,
            bandit: bandit(of: run, experiment)
        )
    }

    /// The attribute's value as it is.
    ///
    /// Where it is falsy and the experiment has a fallback, the fallback's, which is then falsy, too, or missing.
    private func hashValue(
        of run: ExperimentRun,
        _ experiment: ExperimentEntry,
        _ context: EvaluationContext,
        _ scratch: EvaluationScratch
    ) -> JSONValue {
        let isFallingBack = scratch.sticky != nil && !experiment.row.isStickyDisabled && experiment.row.fallback >= 0
        let value = lookUp(tables.slots[Int(run.slot)], context.attributes) ?? ""
        guard isFallingBack, run.slot == experiment.row.slot, !JSCoercion.truth(value) else { return value }
        return lookUp(tables.slots[Int(experiment.row.fallback)], context.attributes) ?? ""
    }

    private func bandit(of run: ExperimentRun, _ experiment: ExperimentEntry) -> BanditSelection? {
        guard run.leaf != BanditRow.none else { return nil }
        let bandit = tables.bandits[Int(experiment.row.bandit)]
        guard run.leaf >= 0 else {
            return BanditSelection(leafID: .number(-1), weights: bandit.ownWeights, version: bandit.version)
        }
        let leaf = bandit.leaves[Int(run.leaf)]
        return BanditSelection(leafID: leaf.id, weights: leaf.weights, version: bandit.version)
    }

    /// The experiment that the reference makes of a rule, for exposures and results.
    ///
    /// `value` gives what stands for a value; `result` is what the experiment gave, for what a bandit changes.
    package func experimentJSON(
        feature: Int,
        rule: Int,
        result: ExperimentResult? = nil,
        value: (ValueID) -> JSONValue?
    ) -> JSONValue {
        let authored = tables.document.features[feature]
        let rule = authored.rules[rule]
        var experiment = TableBuilder.experiment(of: rule.source, feature: authored.key)
        if rule.source[AuthoredRule.variationsKey(of: rule.source)]?.array != nil {
            experiment["variations"] = .array(rule.variations.map { value($0) ?? .null })
        }
        if let bandit = result?.bandit {
            if bandit.leafID.double != -1 { experiment["weights"] = bandit.weights }
            if let exposed = result?.exposedBandit { experiment["contextualBandit"] = .object(exposed.json) }
        }
        return .object(experiment)
    }
}

extension ExperimentResult {
    /// The reference's `Result`, with the keys it has.
    ///
    /// `value` is the variation's; `nil` for `undefined`.
    package func json(featureID: ExactString?, value: JSONValue?) -> JSONValue {
        var object = JSONObject()
        object["key"] = key
        object["featureId"] = featureID.map { .string($0) } ?? .null
        object["inExperiment"] = .bool(inExperiment)
        object["hashUsed"] = .bool(hashUsed)
        object["variationId"] = variationID
        if let value { object["value"] = value }
        object["hashAttribute"] = hashAttribute
        object["hashValue"] = hashValue
        object["stickyBucketUsed"] = .bool(stickyBucketUsed)
        if let name { object["name"] = name }
        if let bucket { object["bucket"] = .number(bucket) }
        if let passthrough { object["passthrough"] = passthrough }
        for member in exposedBandit?.json.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }
}
