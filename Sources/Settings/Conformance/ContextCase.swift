import JSON

/// One case with a context: the reference's instance, made of its options.
struct ContextCase {
    let options: JSONObject
    let document: FeaturesDocument
    var context: EvaluationContext

    /// - Throws: `.malformedRule` for a URL that is no text.
    init(_ source: JSONValue?) throws(EvaluationFault) {
        options = ScriptValue.spread(source)
        document = FeaturesDocument(authored: .object(options))
        var attributes = ScriptValue.spread(ScriptValue.truthy(options["user"]))
        for member in ScriptValue.spread(options["attributes"]).members { attributes[member.key] = member.value }
        for member in ScriptValue.spread(options["attributeOverrides"]).members {
            attributes[member.key] = member.value
        }
        context = EvaluationContext(attributes: attributes, nowMilliseconds: 0)
        if let url = ScriptValue.truthy(options["url"]) {
            guard case .string(let text) = url else { throw .malformedRule }
            context.url = text
        }
        context.forcedVariations = ScriptValue.spread(options["forcedVariations"])
        context.forcedFeatures = ScriptValue.spread(options["forcedFeatureValues"] ?? options["forcedFeatures"])
        context.isEnabled = options["enabled"]?.bool != false
        context.qaMode = ScriptValue.truth(options["qaMode"])
        context.groups = ScriptValue.spread(options["groups"])
    }

    func evaluator(adding experiment: JSONObject? = nil) -> Evaluator {
        let overrides = context.isEnabled ? ScriptValue.spread(options["overrides"]) : JSONObject()
        var builder = TableBuilder(document, overrides: overrides)
        if let experiment {
            let count = experiment["variations"]?.array?.count ?? 0
            _ = builder.add(experiment, variations: (0..<count).map { ValueID($0) }, firstCandidate: 0)
        }
        return Evaluator(RuleTables(builder))
    }

    /// The reference's `FeatureResult`.
    func feature(_ key: JSONValue?) throws(EvaluationFault) -> JSONValue {
        var scratch = EvaluationScratch()
        return try result(ScriptValue.text(key), evaluator(), &scratch)
    }

    func result(
        _ key: ExactString,
        _ evaluator: Evaluator,
        _ scratch: inout EvaluationScratch
    ) throws(EvaluationFault) -> JSONValue {
        let outcome = evaluator.evaluate(key, context, &scratch)
        if let fault = outcome.fault { throw fault }
        let overridden = outcome.experiment.flatMap { experiment in
            variations(key, outcome, evaluator).map {
                ScriptValue.property($0, ScriptValue.text(experiment.variationID))
            }
        }
        let value: JSONValue? =
            switch outcome.value {
            case _ where overridden != nil: overridden ?? nil
            case .candidate(_, let id): document.value(id)
            case .given(let value): value
            case .null: .null
            case .undefined: nil
            }
        let isOn = ScriptValue.truth(value)
        var object = JSONObject()
        if let value { object["value"] = value }
        object["on"] = .bool(isOn)
        object["off"] = .bool(!isOn)
        object["source"] = .text(outcome.source.rawValue)
        object["ruleId"] = outcome.ruleID ?? ""
        if let experiment = outcome.experiment, let rule = outcome.rule,
            let feature = document.position(of: key)
        {
            object["experiment"] = evaluator.experimentJSON(feature: feature, rule: rule, result: experiment) {
                document.value($0)
            }
            object["experimentResult"] = experiment.json(featureID: key, value: value)
        }
        return .object(object)
    }

    /// The variations of the experiment that decided, where the context's overrides change them.
    private func variations(_ key: ExactString, _ outcome: FeatureOutcome, _ evaluator: Evaluator) -> JSONValue? {
        guard let feature = document.position(of: key), let rule = outcome.rule else { return nil }
        let tables = evaluator.tables
        let row = tables.rules[Int(tables.features[feature].rules.lowerBound) + rule]
        return row.experiment < 0 ? nil : tables.experiments[Int(row.experiment)].row.mergedVariations
    }

    /// `{value, inExperiment, hashUsed}` of an experiment outside of settings.
    func run(_ source: JSONValue?) throws(EvaluationFault) -> JSONValue {
        guard case .object(let experiment)? = source, let variations = experiment["variations"], !variations.isNull
        else { throw .malformedRule }
        let evaluator = evaluator(adding: experiment)
        var scratch = EvaluationScratch()
        scratch.begin(evaluator.tables, context)
        let index = Int32(evaluator.tables.experiments.count - 1)
        let run = try evaluator.run(index, context, &scratch)
        let merged = evaluator.tables.experiments[Int(index)].row.mergedVariations ?? variations
        let value =
            run.variation < 0
            ? ScriptValue.property(merged, ScriptValue.text(scratch.oddVariation))
            : ScriptValue.element(merged, Int(run.variation))
        var object = JSONObject()
        if let value { object["value"] = value }
        object["inExperiment"] = .bool(run.inExperiment)
        object["hashUsed"] = .bool(run.hashUsed)
        return .object(object)
    }
}
