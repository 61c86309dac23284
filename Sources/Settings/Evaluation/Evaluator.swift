package import JSON

/// Decides what settings are for a context: the one implementation behind every surface.
///
/// GrowthBook's JavaScript SDK is the reference for every answer, also for fields and attributes of unexpected types.
/// Each distinct condition is evaluated at most once per request, each hashed attribute is hashed once, each
/// prerequisite is decided once. Nothing fails: a setting that the reference throws at gets its default.
package struct Evaluator: Sendable {
    package let tables: RuleTables

    package init(_ tables: RuleTables) {
        self.tables = tables
    }

    /// Decides all settings that have rules: `scratch.choices`, `scratch.sticky` and ``assignments(_:_:)``.
    package func evaluateAll(_ context: EvaluationContext, _ scratch: inout EvaluationScratch) {
        scratch.begin(tables, context)
        scratch.isPlain = context.isPlain
        scratch.choices.reserveCapacity(tables.ruled.count)
        for feature in tables.ruled {
            let known = scratch.memo[feature]
            if known != 0 {
                scratch.choices.append(Decision(.defaultValue, Decision.ordinal(packed: known)).choice)
                continue
            }
            do throws(EvaluationFault) {
                scratch.choices.append(try decide(Int32(truncatingIfNeeded: feature), context, &scratch).choice)
            } catch {
                scratch.path.removeAll(keepingCapacity: true)
                scratch.choices.append(fallback(feature).choice)
            }
        }
    }

    /// Decides one setting, by its key.
    ///
    /// Where `isExplained`, the outcome says what became of each rule.
    package func evaluate(
        _ key: ExactString,
        _ context: EvaluationContext,
        _ scratch: inout EvaluationScratch,
        isExplained: Bool = false
    ) -> FeatureOutcome {
        scratch.begin(tables, context)
        if isExplained { scratch.verdicts = [] }
        guard let feature = tables.document.position(of: key) else {
            if let given = context.forcedFeatures[key] {
                return FeatureOutcome(.given(given), .override)
            }
            return FeatureOutcome(.null, .unknownFeature)
        }
        do throws(EvaluationFault) {
            let decision = try decide(Int32(feature), context, &scratch)
            return outcome(decision, feature, context, scratch)
        } catch {
            return outcome(fallback(feature), feature, context, scratch, fault: error)
        }
    }

    /// The experiments that the user of the last evaluation is in, in the order in which they were decided.
    ///
    /// The same experiment is there as often as settings use it.
    package func assignments(_ context: EvaluationContext, _ scratch: EvaluationScratch) -> [ExperimentAssignment] {
        scratch.found.map { found in
            let result = result(of: found.run, context, scratch)
            return ExperimentAssignment(
                feature: Int(found.feature),
                rule: Int(found.rule),
                experimentKey: tables.experiments[Int(found.run.experiment)].row.key,
                variation: Int(found.run.variation),
                variationKey: ScriptValue.text(result.key),
                hashAttribute: ScriptValue.text(result.hashAttribute),
                hashValue: ScriptValue.stored(result.hashValue),
                bucket: found.run.bucket,
                stickyBucketUsed: found.run.stickyBucketUsed,
                isPassthrough: found.run.isPassthrough
            )
        }
    }

    private func fallback(_ feature: Int) -> Decision {
        Decision(.defaultValue, tables.features[feature].hasDefault ? 0 : Decision.null)
    }
}
