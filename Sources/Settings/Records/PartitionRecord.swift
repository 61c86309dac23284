import JSON

/// The metadata record of a partition: what is left of each of the general record's conditions
/// (`docs/formats/settings-metadata.md`).
struct PartitionRecord: Sendable, Equatable {
    static let format = 1

    /// For each condition of the general record; `nil` where nothing is known.
    let outcomes: [SpecialisedCondition?]

    init(outcomes: [SpecialisedCondition?]) {
        self.outcomes = outcomes
    }

    /// Evaluates what platform and country decide.
    init(_ key: PartitionKey, conditions: [JSONValue], savedGroups: JSONObject) {
        var known: [(name: ExactString, value: JSONValue)] = []
        if let platform = key.platform { known.append(("platform", .string(platform))) }
        if let country = key.country { known.append(("country", .string(country))) }
        outcomes = conditions.map { condition in
            // The reference looks only at conditions that JavaScript takes for true.
            guard JSCoercion.truth(condition) else { return nil }
            let outcome = Condition.specialised(condition, known: known, savedGroups: savedGroups)
            return outcome == .remaining(condition) ? nil : outcome
        }
    }

    var record: SettingsRecord {
        let outcomes: [JSONValue] = outcomes.map { outcome in
            switch outcome {
            case nil: .null
            case .always: true
            case .never: false
            case .remaining(let rest): ["rest": rest]
            }
        }
        var text: [UInt8] = []
        JSONWriter.authored(["format": .number(Self.format), "conditions": .array(outcomes)], into: &text)
        return SettingsRecord(.partition, bytes: text)
    }

    init(_ record: SettingsRecord) throws(ReleaseError) {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONParser(limits: JSONLimits(depthMax: 128)).value(from: record.bytes)
        } catch {
            throw .damaged(.partition, error.description)
        }
        let format = root["format"]?.wholeNumber ?? 0
        guard format >= 1, let outcomes = root["conditions"]?.array else { throw .damaged(.partition, "no format") }
        guard format <= Self.format else { throw .unknownFormat(.partition, format) }
        var read: [SpecialisedCondition?] = []
        for outcome in outcomes {
            switch outcome {
            case .null: read.append(nil)
            case .bool(true): read.append(.always)
            case .bool(false): read.append(.never)
            default:
                guard let rest = outcome["rest"] else { throw .damaged(.partition, "conditions") }
                read.append(.remaining(rest))
            }
        }
        self.outcomes = read
    }
}
