import JSON

/// Reads settings one after the other and numbers their values.
struct FeatureReader {
    /// Elements of a text or an object that stands where variations belong.
    private static let oddVariationsMax = 1_000

    let isAuthored: Bool
    private(set) var features: [AuthoredFeature] = []
    private(set) var values: [JSONValue] = []

    init(isAuthored: Bool) {
        self.isAuthored = isAuthored
    }

    mutating func read(_ key: ExactString, _ source: JSONValue) {
        let defaultValue = source["defaultValue"].map { place($0) } ?? .missing
        var rules: [AuthoredRule] = []
        var hasMalformedRules = false
        var candidates = 1
        switch ScriptValue.truthy(source["rules"]) {
        case .array(let sources)?:
            for source in sources {
                let rule = read(source, from: candidates)
                candidates += (rule.force == nil ? 0 : 1) + rule.variations.count
                rules.append(rule)
            }
        case nil: break
        default: hasMalformedRules = true
        }
        features.append(
            AuthoredFeature(
                key: key,
                source: source,
                isKnown: JSCoercion.truth(source),
                defaultValue: defaultValue,
                rules: rules,
                hasMalformedRules: hasMalformedRules,
                isKilled: source["x-kill"]?.bool ?? false,
                schedule: Schedule(source["x-schedule"]),
                owner: source["x-owner"]?.string,
                hasPlaceholders: source["x-placeholders"]?.bool ?? false
            )
        )
    }

    private mutating func read(_ source: JSONValue, from candidate: Int) -> AuthoredRule {
        let force = source["force"].map { place($0) }
        var variations: [ValueID] = []
        switch ScriptValue.truthy(source[AuthoredRule.variationsKey(of: source)]) {
        case .array(let elements)?:
            variations = elements.map { place($0) }
        case let odd?:
            let count = ScriptValue.number(ScriptValue.length(odd))
            var index = 0
            while Double(index) < count, index < Self.oddVariationsMax {
                variations.append(ScriptValue.element(odd, index).map { place($0) } ?? .missing)
                index += 1
            }
        case nil: break
        }
        return AuthoredRule(
            source: source,
            force: force,
            variations: variations,
            firstCandidate: candidate,
            isKilled: source["x-kill"]?.bool ?? false,
            schedule: Schedule(source["x-schedule"])
        )
    }

    private mutating func place(_ value: JSONValue) -> ValueID {
        guard isAuthored else { return value.double.map { ValueID(Int($0)) } ?? .missing }
        values.append(value)
        return ValueID(values.count - 1)
    }
}
