import JSON

extension TableBuilder {
    /// The fields that the reference copies from a rule into the experiment it runs, when they are truthy.
    private static let copied: [ExactString] = [
        "weights", "hashAttribute", "fallbackAttribute", "disableStickyBucketing", "namespace", "meta", "ranges",
        "name",
        "phase", "seed", "hashVersion", "filters", "condition",
    ]

    /// The experiment that the reference makes of a rule.
    static func experiment(of rule: JSONValue, feature: ExactString) -> JSONObject {
        var experiment = JSONObject()
        experiment["variations"] = rule[AuthoredRule.variationsKey(of: rule)]
        experiment["key"] = ScriptValue.truthy(rule["key"]) ?? .string(feature)
        for name in ["coverage", "bucketVersion", "minBucketVersion"] as [ExactString] {
            if let value = rule[name] { experiment[name] = value }
        }
        for name in copied {
            if let value = ScriptValue.truthy(rule[name]) { experiment[name] = value }
        }
        return experiment
    }

    mutating func experiment(_ rule: AuthoredRule, of feature: AuthoredFeature) -> Int32 {
        let original = Self.experiment(of: rule.source, feature: feature.key)
        let bandit = bandit(of: rule.source, original)
        return add(original, variations: rule.variations, firstCandidate: rule.firstCandidate, bandit: bandit)
    }

    /// The contextual bandit that a rule names; −1 where it names none, or one that is not there.
    private mutating func bandit(of source: JSONValue, _ original: JSONObject) -> Int32 {
        guard let name = ScriptValue.truthy(source["contextualBanditRef"]),
            let bandit = ScriptValue.truthy(document.contextualBandits[ScriptValue.text(name)])
        else { return -1 }
        let length = ScriptValue.length(original["variations"])
        let key = ScriptValue.text(original["key"])
        var leaves: [BanditRow.Leaf] = []
        for leaf in bandit["contexts"]?.array ?? [] {
            var weighted = original
            weighted["weights"] = leaf["weights"]
            let (spans, isMalformed) = bucketSpans(merged(weighted, key: key), count: length)
            let weights = leaf["weights"]?.array?.compactMap(\.double).count ?? -1
            leaves.append(
                BanditRow.Leaf(
                    id: leaf["leafId"] ?? .null,
                    condition: intern(condition: leaf["condition"]),
                    weights: leaf["weights"] ?? .null,
                    spans: spans,
                    hasMalformedSpans: isMalformed,
                    isUsable: leaf["leafId"]?.double != nil && Double(weights) == ScriptValue.number(length)
                )
            )
        }
        bandits.append(
            BanditRow(leaves: leaves, ownWeights: Self.weights(original, length), version: bandit["banditVersion"])
        )
        return Int32(bandits.count - 1)
    }

    /// The weights that buckets are made of: the experiment's, or equal ones where those cannot be used.
    private static func weights(_ experiment: JSONObject, _ count: JSONValue?) -> JSONValue {
        if case .array(let weights)? = experiment["weights"],
            Double(weights.count) == ScriptValue.number(count)
        {
            let sum = weights.reduce(0) { $0 + ScriptValue.number($1) }
            if sum >= 0.99, sum <= 1.01 { return .array(weights) }
        }
        // A count that the reference throws at has no weights.
        return .array(((try? Bucketing.equalWeights(count)) ?? []).map { .number($0) })
    }

    /// Compiles an experiment as the reference runs it.
    mutating func add(
        _ original: JSONObject,
        variations: [ValueID],
        firstCandidate: Int,
        bandit: Int32 = -1
    ) -> Int32 {
        let rawKey = original["key"]
        let key = ScriptValue.text(rawKey)
        let merged = merged(original, key: key)
        let meta = ScriptValue.truthy(merged["meta"])
        let namespace = ScriptValue.truthy(merged["namespace"])
        let filters = ScriptValue.truthy(merged["filters"])
        let parents = ScriptValue.truthy(merged["parentConditions"])
        let targets = ScriptValue.truthy(merged["urlPatterns"])
        let (spans, isMalformed) = bucketSpans(merged, count: ScriptValue.length(original["variations"]))
        let fallback = fallbackSlot(merged["fallbackAttribute"])
        let version = ScriptValue.truthy(merged["bucketVersion"]) ?? 0
        let row = ExperimentRow(
            key: key,
            keyIsText: rawKey?.string != nil,
            count: ScriptValue.number(ScriptValue.length(original["variations"])),
            mergedCount: ScriptValue.number(ScriptValue.length(merged["variations"])),
            variations: variations,
            firstCandidate: firstCandidate,
            hasMeta: meta != nil,
            metaIsList: meta?.array != nil,
            metaCount: meta?.array?.count ?? 0,
            meta: meta.map { meta in
                (0..<max(variations.count, meta.array?.count ?? 0) + 1).map {
                    MetaEntry(ScriptValue.element(meta, $0))
                }
            } ?? [],
            slot: slot(merged["hashAttribute"]),
            fallback: fallback,
            stickyFallback: fallback < 0 ? slot("id") : fallback,
            seed: seed(ScriptValue.truthy(merged["seed"]) ?? rawKey),
            version: Self.version(merged["hashVersion"], default: 1),
            spans: spans,
            hasMalformedSpans: isMalformed,
            hasFilters: filters != nil,
            filters: add(filters: filters),
            hasMalformedFilters: filters.map { $0.array == nil } ?? false,
            namespaceSeed: namespace == nil
                ? -1 : seed(ScriptValue.sum("__", ScriptValue.element(namespace, 0))),
            namespace: BucketSpan(
                low: ScriptValue.number(ScriptValue.element(namespace, 1)),
                high: ScriptValue.number(ScriptValue.element(namespace, 2)),
                isMalformed: false
            ),
            condition: intern(condition: merged["condition"]),
            isStickyDisabled: ScriptValue.truthy(merged["disableStickyBucketing"]) != nil,
            stickyKey: Self.stickyKey(key, ScriptValue.text(version)),
            minBucketVersion: ScriptValue.number(ScriptValue.truthy(merged["minBucketVersion"]) ?? 0),
            parents: add(parents: parents),
            hasMalformedParents: parents.map { Self.iterated($0) == nil } ?? false,
            urlTargets: targets.map { $0.array?.map { URLTarget($0) } ?? [] },
            hasMalformedTargets: Self.isMalformed(targets: targets),
            isInactive: merged["status"]?.string == "draft" || merged["active"]?.bool == false,
            isStopped: merged["status"]?.string == "stopped",
            isExcluded: ScriptValue.truthy(merged["include"]) != nil,
            groups: ScriptValue.truthy(merged["groups"]).map { $0.array?.map { ScriptValue.text($0) } ?? [] },
            oldURL: oldURL(merged["url"], isMerged: ScriptValue.truthy(overrides[key]) != nil),
            force: merged["force"],
            mergedVariations: overrides.isEmpty ? nil : merged["variations"],
            bandit: bandit
        )
        experiments.append(ExperimentEntry(row))
        return Int32(experiments.count - 1)
    }

    static func stickyKey(_ experiment: ExactString, _ version: ExactString) -> ExactString {
        ScriptValue.joined(ScriptValue.joined(experiment, "__"), version)
    }

    private func merged(_ original: JSONObject, key: ExactString) -> JSONObject {
        let count = ScriptValue.number(ScriptValue.length(original["variations"]))
        guard let override = ScriptValue.truthy(overrides[key]), !(count < 2) else { return original }
        var merged = original
        for member in ScriptValue.spread(override).members { merged[member.key] = member.value }
        return merged
    }

    private static func isMalformed(targets: JSONValue?) -> Bool {
        guard let targets, ScriptValue.truthy(ScriptValue.length(targets)) != nil else { return false }
        guard let list = targets.array else { return true }
        return list.contains { $0.isNull }
    }

    /// `ranges || getBucketRanges(…)`.
    private mutating func bucketSpans(_ merged: JSONObject, count: JSONValue?) -> (Range<Int32>, isMalformed: Bool) {
        if let ranges = ScriptValue.truthy(merged["ranges"]) { return (add(spans: ranges), false) }
        let first = Int32(spans.count)
        let made: [(start: JSONValue, end: JSONValue)]
        do throws(EvaluationFault) {
            made = try Bucketing.ranges(count: count, coverage: merged["coverage"], weights: merged["weights"])
        } catch {
            return (first..<first, true)
        }
        for range in made {
            spans.append(
                BucketSpan(
                    low: ScriptValue.number(range.start),
                    high: ScriptValue.number(range.end),
                    isMalformed: false
                )
            )
        }
        return (first..<Int32(spans.count), false)
    }

    private func oldURL(_ source: JSONValue?, isMerged: Bool) -> ExperimentRow.OldURL {
        guard let source = ScriptValue.truthy(source) else { return .none }
        guard isMerged, case .string(let text) = source else { return .malformed }
        guard let pattern = URLTarget.pattern(text) else { return .none }
        return .pattern(pattern)
    }
}
