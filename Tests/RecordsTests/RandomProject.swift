import JSON
import Settings

/// Makes small projects with everything rules can have, and users to go with them.
struct RandomProject {
    private static let platforms = ["ios", "android", "web"]
    private static let countries = ["us", "de", "am", "jp"]
    private var chance: Chance
    let settings: Int

    init(seed: UInt64) {
        chance = Chance(seed)
        settings = Int.random(in: 1...14, using: &chance)
    }

    /// The text of a features file.
    mutating func document() -> String {
        let features = (0..<settings).map { index in "\"s\(index)\": \(feature(index))" }.joined(separator: ",\n ")
        let options = chance.of(0.3) ? #""x-platforms": ["ios", "web"], "x-countries": ["us", "xx"], "# : ""
        return """
            {\(options)"savedGroups": {"eu": ["de", "fr"], "pro": ["1", "2", "3"]},
             "features": {\(features)}}
            """
    }

    /// A user and what comes with the request.
    mutating func context() -> EvaluationContext {
        var attributes = JSONObject()
        if chance.of(0.95) { attributes["id"] = .text(String(Int.random(in: 0..<40, using: &chance))) }
        if chance.of(0.9) { attributes["platform"] = chance.of(0.9) ? .text(chance.pick(Self.platforms)) : 3 }
        if chance.of(0.9) { attributes["country"] = chance.of(0.9) ? .text(chance.pick(Self.countries)) : ["us"] }
        if chance.of(0.7) { attributes["age"] = .number(Int.random(in: 0..<60, using: &chance)) }
        if chance.of(0.5) { attributes["name"] = .text(chance.pick(["Ann", "Bo \"x\"", "né"])) }
        var context = EvaluationContext(attributes: attributes, nowMilliseconds: 1_800_000_000_000)
        if chance.of(0.2) { context.url = chance.of(0.5) ? "https://x.test/p?s1=1&e0=0" : "https://x.test/p" }
        if chance.of(0.15) { context.forcedVariations[ExactString("e\(Int.random(in: 0..<4, using: &chance))")] = 1 }
        if chance.of(0.15) {
            context.forcedFeatures[ExactString("s\(Int.random(in: 0..<settings, using: &chance))")] = ["f": 1]
        }
        if chance.of(0.1) { context.isEnabled = false }
        if chance.of(0.1) { context.qaMode = true }
        if chance.of(0.5) { context.sticky = sticky(attributes["id"]?.string) }
        return context
    }

    private mutating func sticky(_ id: ExactString?) -> StickyDocuments {
        guard let id, chance.of(0.7) else { return StickyDocuments() }
        var assignments = JSONObject()
        for experiment in 0..<3 where chance.of(0.5) {
            assignments[ExactString("e\(experiment)__0")] = .text(chance.pick(["a", "b", "c"]))
        }
        return StickyDocuments([
            StickyDocument(attributeName: "id", attributeValue: id, assignments: assignments)
        ])
    }

    private mutating func feature(_ index: Int) -> String {
        var members: [String] = []
        let hasPlaceholders = chance.of(0.2)
        if hasPlaceholders { members.append(#""x-placeholders": true"#) }
        if chance.of(0.9) { members.append("\"defaultValue\": \(value(hasPlaceholders))") }
        if chance.of(0.05) { members.append(#""x-kill": true"#) }
        if chance.of(0.75) {
            let rules = (0..<Int.random(in: 0...4, using: &chance)).map { _ in rule(index, hasPlaceholders) }
            members.append("\"rules\": [\(rules.joined(separator: ", "))]")
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private mutating func rule(_ index: Int, _ hasPlaceholders: Bool) -> String {
        var members: [String] = []
        if chance.of(0.8) { members.append("\"condition\": \(condition(2))") }
        if chance.of(0.25) {
            let gate = chance.of(0.4) ? #", "gate": true"# : ""
            let parent = Int.random(in: 0..<settings + 1, using: &chance)
            let wanted = chance.of(0.5) ? #"{"value": {"$exists": true}}"# : #"{"value": true}"#
            members.append("\"parentConditions\": [{\"id\": \"s\(parent)\", \"condition\": \(wanted)\(gate)}]")
        }
        if chance.of(0.1) { members.append(#""filters": [{"seed": "f", "ranges": [[0, 0.7]], "attribute": "id"}]"#) }
        if chance.of(0.05) { members.append(#""x-kill": true"#) }
        if chance.of(0.05) { members.append(#""x-schedule": {"until": "2020-01-01T00:00:00Z"}"#) }
        if chance.of(0.55) {
            members.append("\"force\": \(value(hasPlaceholders))")
            if chance.of(0.4) { members.append("\"coverage\": \(chance.pick(["0.5", "0.0", "1"]))") }
        } else {
            let count = Int.random(in: 1...3, using: &chance)
            let values = (0..<count).map { _ in value(hasPlaceholders) }
            members.append("\"variations\": [\(values.joined(separator: ", "))]")
            if chance.of(0.8) { members.append("\"key\": \"e\(Int.random(in: 0..<3, using: &chance))\"") }
            if chance.of(0.2) { members.append("\"namespace\": [\"n\", 0.1, \(chance.pick(["0.6", "1"]))]") }
            if chance.of(0.4) { members.append("\"hashVersion\": \(chance.pick(["1", "2", "3"]))") }
            if chance.of(0.3) { members.append(#""seed": "other""#) }
            if chance.of(0.5) {
                members.append(#""meta": [{"key": "a"}, {"key": "b", "passthrough": true}, {"key": "c"}]"#)
            }
            if chance.of(0.3) { members.append("\"coverage\": 0.6") }
            if chance.of(0.2) { members.append(#""disableStickyBucketing": true"#) }
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private mutating func condition(_ depth: Int) -> String {
        if depth > 0, chance.of(0.4) {
            let parts = [condition(depth - 1), condition(depth - 1)].joined(separator: ", ")
            return switch chance.pick([0, 1, 2, 3]) {
            case 0: "{\"$and\": [\(parts)]}"
            case 1: "{\"$or\": [\(parts)]}"
            case 2: "{\"$nor\": [\(parts)]}"
            default: "{\"$not\": \(condition(depth - 1))}"
            }
        }
        let members = [
            "\"platform\": \"\(chance.pick(Self.platforms))\"",
            "\"platform\": {\"$in\": [\"ios\", \"web\"]}",
            "\"country\": {\"$ne\": \"\(chance.pick(Self.countries))\"}",
            "\"country\": {\"$inGroup\": \"eu\"}",
            "\"country\": {\"$regex\": \"^[uj]\"}",
            "\"country\": \"\(chance.pick(Self.countries))\"",
            "\"age\": {\"$gt\": 20}",
            "\"id\": {\"$inGroup\": \"pro\"}",
            "\"platform\": {\"$exists\": false}",
        ]
        let first = chance.pick(members)
        let second = chance.pick(members)
        // Two members of one name would be one.
        return chance.of(0.5) && first.prefix(6) != second.prefix(6) ? "{\(first), \(second)}" : "{\(first)}"
    }

    private mutating func value(_ hasPlaceholders: Bool) -> String {
        if hasPlaceholders {
            return chance.pick([#""Hi {{name}}!""#, #"{"a": "{{ age }}/{{missing}}", "b": [1]}"#, "2"])
        }
        return chance.pick([
            "true", "false", "null", "0", "1.0", #""text""#, #"{"a": 1.50, "b": [1, 2]}"#, #"[ "x" , {} ]"#, #""""#,
            #""\u00e9\n""#,
        ])
    }
}
