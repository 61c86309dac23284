package import JSON

/// A project: GrowthBook's features JSON (`{"features": {…}, "savedGroups": {…}}`) with our `x-` keys.
///
/// Reading never fails: what the reference SDK would ignore is ignored, what it would throw at is kept and shows when
/// evaluated. ``Validation`` tells authors beforehand. The keys of ours are in `docs/formats/features.md`.
///
/// A document is *authored* (its values are there) or one of *references*: every place of a value holds the number of a
/// line of the values record instead, and only the values that prerequisites ask for are known.
package struct FeaturesDocument: Sendable {
    /// In authored order.
    package let features: [AuthoredFeature]
    package let savedGroups: JSONObject
    /// The contextual bandits that rules name.
    package let contextualBandits: JSONObject
    package let options: AppOptions
    package let root: JSONValue
    /// Every value, in the order of the document; empty in a document of references.
    package let values: [JSONValue]
    private let parentValues: [ValueID: JSONValue]
    private let positions: [ExactString: Int]

    /// An authored project.
    package init(authored root: JSONValue) {
        self.init(root, parentValues: nil)
    }

    /// A project whose values are line numbers.
    ///
    /// `parentValues` has the values of all candidates of settings that are prerequisites of others.
    package init(references root: JSONValue, parentValues: [ValueID: JSONValue]) {
        self.init(root, parentValues: parentValues)
    }

    private init(_ root: JSONValue, parentValues: [ValueID: JSONValue]?) {
        self.root = root
        savedGroups = root["savedGroups"]?.object ?? JSONObject()
        contextualBandits = root["contextualBandits"]?.object ?? JSONObject()
        options = AppOptions(root)
        var reader = FeatureReader(isAuthored: parentValues == nil)
        var positions: [ExactString: Int] = [:]
        for member in ScriptValue.spread(root["features"]).members {
            positions[member.key] = reader.features.count
            reader.read(member.key, member.value)
        }
        features = reader.features
        values = reader.values
        self.parentValues = parentValues ?? [:]
        self.positions = positions
    }

    /// The index of a setting.
    package func position(of key: ExactString) -> Int? { positions[key] }

    /// What a setting can be: its default, then its rules' values.
    package func candidates(of feature: Int) -> [ValueID] { features[feature].candidates }

    /// A value, where it is known.
    package func value(_ id: ValueID) -> JSONValue? {
        if id.isMissing { return nil }
        if values.indices.contains(Int(id.index)) { return values[Int(id.index)] }
        return parentValues[id]
    }

    /// The settings that are prerequisites of others: their candidates' values are what `parentValues` must have.
    package var parents: [Int] {
        var found: Set<Int> = []
        for feature in features {
            for rule in feature.rules {
                for parent in rule.source["parentConditions"]?.array ?? [] {
                    if let index = positions[ScriptValue.text(parent["id"])] { found.insert(index) }
                }
            }
        }
        return found.sorted()
    }
}

extension AppOptions {
    init(_ root: JSONValue) {
        isSticky = root["x-sticky"]?.bool ?? true
        remembered = root["x-remember"]?.array?.compactMap(\.string) ?? []
        platforms = root["x-platforms"]?.array?.compactMap(\.string)
        countries = root["x-countries"]?.array?.compactMap(\.string)
    }
}

extension Schedule {
    /// Reads `{"from": …, "until": …}`; `nil` when there is no moment in it.
    init?(_ source: JSONValue?) {
        let from = source?["from"]?.string?.wellFormed.flatMap(Timestamp.milliseconds)
        let until = source?["until"]?.string?.wellFormed.flatMap(Timestamp.milliseconds)
        guard from != nil || until != nil else { return nil }
        self.init(from: from, until: until)
    }
}
