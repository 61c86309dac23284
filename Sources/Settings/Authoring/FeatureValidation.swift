import JSON

/// Checks one setting.
struct FeatureValidation {
    let feature: AuthoredFeature
    let document: FeaturesDocument
    let limits: AuthoringLimits
    var issues: [AuthoringIssue] = []

    mutating func check() {
        if feature.key.isEmpty || feature.key.length > limits.nameLengthMax {
            error(nil, nil, "a setting's name has 1 to \(limits.nameLengthMax) characters.")
        }
        guard feature.source.object != nil else {
            return error(nil, nil, "a setting is an object; write {\"defaultValue\": …}.")
        }
        if feature.defaultValue.isMissing {
            warn(nil, "defaultValue", "without a default the setting is null where no rule decides.")
        }
        checkOurs(feature.source, rule: nil)
        if let owner = feature.source["x-owner"], owner.string == nil { error(nil, "x-owner", "an owner is a text.") }
        expectBool(feature.source, "x-placeholders", rule: nil)
        if let rules = feature.source["rules"], rules.array == nil, !rules.isNull {
            error(nil, "rules", "rules are a list.")
        }
        if feature.rules.count > limits.rulesMax {
            error(nil, "rules", "\(feature.rules.count) rules are more than \(limits.rulesMax).")
        }
        if feature.candidates.count > limits.candidatesMax {
            error(nil, "rules", "\(feature.candidates.count) values are more than \(limits.candidatesMax).")
        }
        for (index, rule) in feature.rules.enumerated() { check(rule, index) }
    }

    private mutating func check(_ rule: AuthoredRule, _ index: Int) {
        let source = rule.source
        guard source.object != nil else { return error(index, nil, "a rule is an object.") }
        checkOurs(source, rule: index)
        checkCondition(source["condition"], "condition", index)
        checkParents(source["parentConditions"], index)
        checkFilters(source["filters"], index)
        checkHashing(source, index)
        if rule.force != nil {
            if let range = source["range"], !isRange(range) {
                error(index, "range", "a range is [from, to] with 0 ≤ from ≤ to ≤ 1.")
            }
            if source["variations"] != nil {
                warn(index, "variations", "with \"force\" the variations never count; take one of the two out.")
            }
        } else if let variations = source[AuthoredRule.variationsKey(of: source)] {
            check(variations, source, index)
        } else {
            warn(index, nil, "neither \"force\" nor \"variations\": the rule does nothing.")
        }
    }

    private mutating func check(_ variations: JSONValue, _ source: JSONValue, _ index: Int) {
        if let name = ScriptValue.truthy(source["contextualBanditRef"]),
            document.contextualBandits[ScriptValue.text(name)] == nil
        {
            warn(index, "contextualBanditRef", "there is no such contextual bandit; the rule's own weights count.")
        }
        guard let count = variations.array?.count, count >= 2 else {
            return error(index, "variations", "variations are a list of two values or more.")
        }
        if let weights = source["weights"], !weights.isNull {
            let numbers = weights.array?.compactMap(\.double) ?? []
            let sum = numbers.reduce(0, +)
            if numbers.count != count || weights.array?.count != count {
                error(index, "weights", "weights are one number for each of the \(count) variations.")
            } else if numbers.contains(where: { $0 < 0 || $0 > 1 }) || sum < 0.99 || sum > 1.01 {
                error(index, "weights", "weights lie in 0…1 and add up to 1; here they add up to \(sum).")
            }
        }
        if let ranges = source["ranges"], !ranges.isNull {
            if ranges.array?.count != count || !(ranges.array?.allSatisfy(isRange) ?? false) {
                error(index, "ranges", "ranges are one [from, to] in 0…1 for each of the \(count) variations.")
            }
        }
        if let meta = source["meta"], !meta.isNull {
            if (meta.array?.count ?? 0) < count || !(meta.array?.allSatisfy { $0.object != nil } ?? false) {
                error(index, "meta", "meta is one object for each of the \(count) variations.")
            }
        }
        if let namespace = source["namespace"], !namespace.isNull {
            let parts = namespace.array ?? []
            if parts.count != 3 || parts[0].string == nil || !isRange(.array(Array(parts.suffix(2)))) {
                error(index, "namespace", "a namespace is [name, from, to] with 0 ≤ from ≤ to ≤ 1.")
            }
        }
    }

    private mutating func checkHashing(_ source: JSONValue, _ index: Int) {
        if let coverage = source["coverage"], !coverage.isNull, !isShare(coverage) {
            error(index, "coverage", "coverage is a number in 0…1.")
        }
        if let version = source["hashVersion"], !version.isNull, version.double != 1, version.double != 2 {
            error(index, "hashVersion", "the hash version is 1 or 2; with any other nobody is included.")
        }
        for name in ["hashAttribute", "fallbackAttribute", "seed", "key", "name", "phase", "id"] {
            if let text = source[ExactString(name)], text.string == nil, !text.isNull {
                error(index, name, "\(name) is a text.")
            }
        }
        for name in ["bucketVersion", "minBucketVersion"] {
            guard let version = source[ExactString(name)], !version.isNull else { continue }
            if !((0...1_000_000).contains(version.double ?? -1)) {
                error(index, name, "\(name) is a whole number from 0.")
            }
        }
        expectBool(source, "disableStickyBucketing", rule: index)
    }

    private mutating func checkFilters(_ source: JSONValue?, _ index: Int) {
        guard let source, !source.isNull else { return }
        guard let filters = source.array else { return error(index, "filters", "filters are a list.") }
        for (place, filter) in filters.enumerated() {
            let field = "filters.\(place)"
            if filter["seed"]?.string == nil { error(index, field + ".seed", "a filter has a seed, a text.") }
            if !(filter["ranges"]?.array?.allSatisfy(isRange) ?? false) {
                error(index, field + ".ranges", "a filter has ranges, a list of [from, to] in 0…1.")
            }
            if let attribute = filter["attribute"], attribute.string == nil {
                error(index, field + ".attribute", "an attribute's name is a text.")
            }
            if let version = filter["hashVersion"], version.double != 1, version.double != 2 {
                error(index, field + ".hashVersion", "the hash version is 1 or 2.")
            }
        }
    }

    private mutating func checkParents(_ source: JSONValue?, _ index: Int) {
        guard let source, !source.isNull else { return }
        guard let parents = source.array else {
            return error(index, "parentConditions", "prerequisites are a list.")
        }
        for (place, parent) in parents.enumerated() {
            let field = "parentConditions.\(place)"
            guard let id = parent["id"]?.string else {
                error(index, field + ".id", "a prerequisite has an id, the name of a setting.")
                continue
            }
            if document.position(of: id) == nil {
                error(index, field + ".id", "there is no setting \"\(id.text)\"; add it or take the prerequisite out.")
            }
            checkCondition(parent["condition"], field + ".condition", index)
        }
    }

    private mutating func checkCondition(_ condition: JSONValue?, _ field: String, _ index: Int) {
        guard let condition, !condition.isNull else { return }
        for issue in Condition.issues(in: condition, savedGroups: document.savedGroups) {
            let place = ([field] + issue.path.map(\.text)).joined(separator: ".")
            switch issue.kind {
            case .wrongType(let expected): error(index, place, "expected \(expected).")
            case .unknownOperator: error(index, place, "there is no such operator; it is never true.")
            case .badPattern(let why): error(index, place, "the regular expression cannot be used: \(why).")
            case .unknownGroup(let group):
                error(index, place, "there is no saved group \"\(group.text)\"; add it to savedGroups.")
            case .mixedOperators:
                warn(index, place, "operators beside plain keys: all are compared as one plain object.")
            }
        }
    }

    private mutating func checkOurs(_ source: JSONValue, rule: Int?) {
        expectBool(source, "x-kill", rule: rule)
        guard let schedule = source["x-schedule"] else { return }
        let moments = ["from", "until"].map { schedule[ExactString($0)] }
        let isRead = moments.allSatisfy { $0 == nil || $0?.string?.wellFormed.flatMap(Timestamp.milliseconds) != nil }
        guard schedule.object != nil, isRead, let read = Schedule(schedule) else {
            return error(rule, "x-schedule", "a schedule has \"from\" or \"until\", such as \"2026-03-01T09:00:00Z\".")
        }
        if let from = read.from, let until = read.until, from >= until {
            error(rule, "x-schedule", "the schedule ends before it begins; swap \"from\" and \"until\".")
        }
    }

    private mutating func expectBool(_ source: JSONValue, _ name: ExactString, rule: Int?) {
        if let value = source[name], value.bool == nil, !value.isNull {
            error(rule, name.text, "\(name.text) is true or false.")
        }
    }

    private func isShare(_ value: JSONValue) -> Bool {
        value.double.map { $0 >= 0 && $0 <= 1 } ?? false
    }

    private func isRange(_ value: JSONValue) -> Bool {
        guard let ends = value.array, ends.count == 2, ends.allSatisfy(isShare) else { return false }
        return (ends[0].double ?? 1) <= (ends[1].double ?? 0)
    }

    private mutating func error(_ rule: Int?, _ field: String?, _ message: String) {
        add(.error, rule, field, message)
    }

    private mutating func warn(_ rule: Int?, _ field: String?, _ message: String) {
        add(.warning, rule, field, message)
    }

    private mutating func add(
        _ severity: AuthoringIssue.Severity,
        _ rule: Int?,
        _ field: String?,
        _ message: String
    ) {
        guard issues.count < limits.issuesMax else { return }
        issues.append(
            AuthoringIssue(severity: severity, feature: feature.key, rule: rule, field: field, message: message)
        )
    }
}
