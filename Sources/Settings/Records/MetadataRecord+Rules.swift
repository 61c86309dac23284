import JSON

extension MetadataRecord {
    /// A condition that nobody satisfies.
    private static let never: JSONValue = ["$not": [:]]

    /// The project for `FeaturesDocument`: conditions in their places.
    func document() throws(ReleaseError) -> FeaturesDocument {
        try document { rule, condition in rule["condition"] = conditions[condition] }
    }

    /// The same for an audience of which something is known: every rule with what is left of its condition.
    ///
    /// What the reference does before it looks at a condition stays: prerequisites (which may block the setting, run
    /// experiments or close a circle), filters, and whatever an experiment does. Rules keep their places and values.
    ///
    /// An experiment that stored assignments may override keeps its condition: a stored variation counts whatever the
    /// condition says. Variations forced by the URL or the caller count so too; for those the general rules are used.
    func document(specialised: PartitionRecord) throws(ReleaseError) -> FeaturesDocument {
        guard specialised.outcomes.count == conditions.count else { throw .damaged(.partition, "conditions") }
        return try document { rule, condition in
            let isForced = rule["force"] != nil
            let outcome = isForced || !Self.heedsStoredAssignments(rule) ? specialised.outcomes[condition] : nil
            switch outcome {
            case nil: rule["condition"] = conditions[condition]
            case .always: rule["condition"] = nil
            case .remaining(let rest): rule["condition"] = rest
            case .never:
                if isForced, rule["parentConditions"] == nil, rule["filters"] == nil {
                    rule["condition"] = nil
                    rule["x-kill"] = true
                } else {
                    rule["condition"] = Self.never
                }
            }
        }
    }

    /// Whether a stored assignment can choose the variation: only one whose key `meta` has.
    private static func heedsStoredAssignments(_ rule: JSONObject) -> Bool {
        guard let meta = rule["meta"], JSCoercion.truth(meta) else { return false }
        return !(rule["disableStickyBucketing"].map(JSCoercion.truth) ?? false)
    }

    private func document(
        _ place: (_ rule: inout JSONObject, _ condition: Int) -> Void
    ) throws(ReleaseError) -> FeaturesDocument {
        var features = JSONObject()
        features.reserveCapacity(shapes.count)
        for member in project["features"]?.object?.members ?? [] {
            features[member.key] = try Self.feature(member.value, conditions.count, place)
        }
        var root = project
        root["features"] = .object(features)
        return FeaturesDocument(references: .object(root), parentValues: parentValues)
    }

    private static func feature(
        _ value: JSONValue,
        _ conditions: Int,
        _ place: (_ rule: inout JSONObject, _ condition: Int) -> Void
    ) throws(ReleaseError) -> JSONValue {
        guard case .object(var feature) = value, var rules = feature["rules"]?.array else { return value }
        for index in rules.indices {
            guard case .object(var rule) = rules[index], let condition = rule["condition"] else { continue }
            guard let number = condition.wholeNumber, number < conditions else {
                throw .damaged(.metadata, "a rule's condition")
            }
            place(&rule, number)
            rules[index] = .object(rule)
        }
        feature["rules"] = .array(rules)
        return .object(feature)
    }
}
