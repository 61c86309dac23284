import JSON

/// Compiles a document's rules into the rows of ``RuleTables``.
struct TableBuilder {
    let document: FeaturesDocument
    /// The reference's changes to experiments, by key.
    let overrides: JSONObject
    var conditions: ConditionTable
    var features: [FeatureRow] = []
    var rules: [RuleRow] = []
    var experiments: [ExperimentEntry] = []
    var rollouts: [RolloutRow] = []
    var filters: [FilterRow] = []
    var parents: [ParentRow] = []
    var bandits: [BanditRow] = []
    var spans: [BucketSpan] = []
    var slots: [HashSlot] = []
    var seeds: [SeedRow] = []
    var seedUnits: [UInt16] = []
    var schedules: [Schedule] = []
    var stickyAttributes: [ExactString] = []

    private var slotIndices: [ExactString: Int32] = [:]
    private var seedIndices: [ExactString: Int32] = [:]

    init(_ document: FeaturesDocument, overrides: JSONObject = JSONObject()) {
        self.document = document
        self.overrides = overrides
        conditions = ConditionTable(savedGroups: document.savedGroups)
        let cyclic = PrerequisiteGraph(document).reachingCycles
        for (index, feature) in document.features.enumerated() {
            let first = Int32(rules.count)
            for rule in feature.rules { rules.append(row(rule, of: feature)) }
            features.append(
                FeatureRow(
                    rules: first..<Int32(rules.count),
                    schedule: intern(feature.schedule),
                    isKnown: feature.isKnown,
                    isKilled: feature.isKilled,
                    isMalformed: feature.hasMalformedRules,
                    reachesCycle: cyclic[index],
                    hasDefault: !feature.defaultValue.isMissing
                )
            )
        }
    }

    private mutating func row(_ rule: AuthoredRule, of feature: AuthoredFeature) -> RuleRow {
        let source = rule.source
        let isContainer = source.object != nil || source.array != nil
        let parents = ScriptValue.truthy(source["parentConditions"])
        let filters = ScriptValue.truthy(source["filters"])
        let variations = ScriptValue.truthy(source[AuthoredRule.variationsKey(of: source)])
        var rollout: Int32 = -1
        var experiment: Int32 = -1
        var condition: Int32 = -1
        let kind: RuleRow.Kind
        if !isContainer {
            kind = .malformed
        } else if rule.force != nil {
            kind = .force
            condition = intern(condition: source["condition"])
            rollout = self.rollout(source, key: feature.key)
        } else if variations != nil {
            kind = .experiment
            experiment = self.experiment(rule, of: feature)
        } else {
            kind = .noValue
        }
        if variations != nil { noteStickyAttributes(source) }
        return RuleRow(
            kind: kind,
            isKilled: rule.isKilled,
            hasMalformedParents: parents.map { Self.iterated($0) == nil } ?? false,
            hasMalformedFilters: filters.map { $0.array == nil } ?? false,
            candidate: UInt16(clamping: rule.firstCandidate),
            condition: condition,
            rollout: rollout,
            experiment: experiment,
            schedule: intern(rule.schedule),
            parents: add(parents: parents),
            filters: add(filters: filters)
        )
    }

    private mutating func noteStickyAttributes(_ source: JSONValue) {
        for name in [
            ScriptValue.truthy(source["hashAttribute"]) ?? "id", ScriptValue.truthy(source["fallbackAttribute"]),
        ] {
            guard let name else { continue }
            let text = ScriptValue.text(name)
            if !stickyAttributes.contains(text) { stickyAttributes.append(text) }
        }
    }

    private mutating func rollout(_ source: JSONValue, key: ExactString) -> Int32 {
        let range = ScriptValue.truthy(source["range"])
        let coverage = source["coverage"]
        guard range != nil || coverage != nil else { return -1 }
        rollouts.append(
            RolloutRow(
                slot: slot(source["hashAttribute"]),
                fallback: ScriptValue.truthy(source["disableStickyBucketing"]) != nil
                    ? -1 : fallbackSlot(source["fallbackAttribute"]),
                seed: seed(ScriptValue.truthy(source["seed"]) ?? .string(key)),
                version: Self.version(source["hashVersion"], default: 1),
                isRange: range != nil,
                isEmpty: range == nil && coverage?.double == 0,
                coverage: ScriptValue.number(coverage),
                low: ScriptValue.number(ScriptValue.element(range, 0)),
                high: ScriptValue.number(ScriptValue.element(range, 1))
            )
        )
        return Int32(rollouts.count - 1)
    }

    /// `version || default`, 0 for what is neither 1 nor 2.
    static func version(_ source: JSONValue?, default standard: UInt8) -> UInt8 {
        guard let source = ScriptValue.truthy(source) else { return standard }
        return source.double == 1 ? 1 : source.double == 2 ? 2 : 0
    }

    mutating func add(filters source: JSONValue?) -> Range<Int32> {
        let first = Int32(filters.count)
        for filter in source?.array ?? [] {
            let ranges = filter["ranges"]
            filters.append(
                FilterRow(
                    slot: slot(filter["attribute"]),
                    seed: seed(filter["seed"]),
                    version: Self.version(filter["hashVersion"], default: 2),
                    spans: add(spans: ranges),
                    isMalformed: filter.isNull,
                    hasMalformedSpans: ranges?.array == nil
                )
            )
        }
        return first..<Int32(filters.count)
    }

    /// The spans of ranges as they are authored: of a list, or of anything with a length.
    mutating func add(spans source: JSONValue?) -> Range<Int32> {
        let first = Int32(spans.count)
        let count = ScriptValue.number(ScriptValue.length(source))
        var index = 0
        while Double(index) < count, index < 10_000 {
            let range = ScriptValue.element(source, index)
            spans.append(
                BucketSpan(
                    low: ScriptValue.number(ScriptValue.element(range, 0)),
                    high: ScriptValue.number(ScriptValue.element(range, 1)),
                    isMalformed: range?.isNull ?? true
                )
            )
            index += 1
        }
        return first..<Int32(spans.count)
    }

    mutating func add(parents source: JSONValue?) -> Range<Int32> {
        let first = Int32(parents.count)
        for parent in Self.iterated(source) ?? [] {
            let id = ScriptValue.text(parent["id"])
            let condition = ScriptValue.truthy(parent["condition"]) ?? [:]
            let feature = document.position(of: id)
            parents.append(
                ParentRow(
                    id: id,
                    feature: Int32(feature ?? -1),
                    isGate: ScriptValue.truthy(parent["gate"]) != nil,
                    holds: feature.map { document.candidates(of: $0) }?.map {
                        Self.holds(condition, document.value($0))
                    }
                        ?? [],
                    holdsForNull: Self.holds(condition, .null),
                    condition: condition,
                    isMalformed: parent.isNull
                )
            )
        }
        return first..<Int32(parents.count)
    }

    /// What `for … of` walks: the elements of a list, the characters of a text; `nil` where JavaScript throws.
    static func iterated(_ source: JSONValue?) -> [JSONValue]? {
        switch source {
        case .array(let elements)?: elements
        case .string(let text)?: text.text.unicodeScalars.map { .text(String($0)) }
        default: nil
        }
    }

    /// Whether a prerequisite's condition holds for a value of the parent.
    static func holds(_ condition: JSONValue, _ value: JSONValue?) -> Bool {
        Condition.evaluate(condition, on: ["value": value ?? .null])
    }

    mutating func intern(_ schedule: Schedule?) -> Int32 {
        guard let schedule else { return -1 }
        schedules.append(schedule)
        return Int32(schedules.count - 1)
    }

    mutating func intern(condition: JSONValue?) -> Int32 {
        guard let condition = ScriptValue.truthy(condition) else { return -1 }
        return conditions.intern(condition).index
    }

    /// The slot of `attribute || "id"`.
    mutating func slot(_ attribute: JSONValue?) -> Int32 {
        let name = ScriptValue.truthy(attribute) ?? "id"
        let key = ScriptValue.text(name)
        let isText = name.string != nil
        let mark = isText ? key : ScriptValue.joined("\u{0}", key)
        if let known = slotIndices[mark] { return known }
        let parts = ScriptValue.dotted(key)
        slots.append(HashSlot(name: name, key: key, path: parts.count > 1 ? parts : [], isMalformed: !isText))
        slotIndices[mark] = Int32(slots.count - 1)
        return Int32(slots.count - 1)
    }

    mutating func fallbackSlot(_ attribute: JSONValue?) -> Int32 {
        ScriptValue.truthy(attribute) == nil ? -1 : slot(attribute)
    }

    mutating func seed(_ source: JSONValue?) -> Int32 {
        let text = ScriptValue.text(source)
        let isNumeric = ScriptValue.isNumeric(source)
        let mark = isNumeric ? ScriptValue.joined("\u{0}", text) : text
        if let known = seedIndices[mark] { return known }
        let first = Int32(seedUnits.count)
        text.appendUnits(to: &seedUnits)
        var hash = FNV1a()
        hash.add(text)
        seeds.append(SeedRow(units: first..<Int32(seedUnits.count), state: hash.state, isNumeric: isNumeric))
        seedIndices[mark] = Int32(seeds.count - 1)
        return Int32(seeds.count - 1)
    }
}
