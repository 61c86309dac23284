import JSON

/// Takes an authored document apart: its values to lines, its rules to what refers to them.
struct RecordBuilder {
    /// A values record is not cut before it has this many bytes, and then where a setting's name says so.
    ///
    /// One name in `cutEvery` does. So an edit, a new or a removed setting changes the record it is in, hardly ever the
    /// ones behind.
    static let segmentBytesMin = 128 << 10
    static let segmentBytesMax = 2 << 20
    static let cutEvery: UInt64 = 32

    /// Members of settings and rules that only authors read.
    private static let unread: [ExactString] = ["description", "x-owner"]

    private let document: FeaturesDocument
    private var shapes: [SettingShape] = []
    private var segments: [Int] = []
    private var segmentSettings = 0
    private var segment: [UInt8] = []
    private var digests: [UInt64] = []
    private var conditions: [JSONValue] = []
    private var conditionIndices: [[UInt8]: Int] = [:]
    private var parentValues: [ValueID: JSONValue] = [:]
    private var features = JSONObject()
    /// The values records so far.
    private(set) var values: [SettingsRecord] = []
    private(set) var ruleCount = 0

    init(_ document: FeaturesDocument, _ texts: AuthoredValues) {
        self.document = document
        let parents = Set(document.parents)
        for (index, feature) in document.features.enumerated() {
            add(feature, texts.texts(index, feature, document), isParent: parents.contains(index))
        }
        cut()
    }

    var metadata: MetadataRecord {
        var project = JSONObject()
        project["features"] = .object(features)
        project["savedGroups"] = document.root["savedGroups"]
        project["contextualBandits"] = document.root["contextualBandits"]
        for member in document.root.object?.members ?? [] where member.key.text.hasPrefix("x-") {
            project[member.key] = member.value
        }
        return MetadataRecord(
            shapes: shapes,
            segments: segments,
            digests: digests,
            conditions: conditions,
            parentValues: parentValues,
            project: project
        )
    }

    private mutating func add(_ feature: AuthoredFeature, _ texts: [[UInt8]], isParent: Bool) {
        let first = digests.count
        let isRuled = feature.isRuled
        var lines: [[UInt8]: Int] = [:]
        // For each candidate its line, `nil` where there is no value. Without rules only the default counts.
        let numbers = zip(feature.candidates, texts).prefix(isRuled ? texts.count : 1).map { id, text -> Int? in
            if id.isMissing { return nil }
            if let line = lines[text] { return line }
            let line = first + lines.count
            lines[text] = line
            digests.append(LineDigest.of(text))
            segment += text
            segment.append(0x0A)
            if isParent { parentValues[ValueID(line)] = document.value(id) }
            return line
        }
        features[feature.key] = reference(feature, numbers)
        ruleCount += isRuled ? feature.rules.count : 0
        shapes.append(
            SettingShape(lines: lines.count, isRuled: isRuled, hasPlaceholders: feature.hasPlaceholders)
        )
        segmentSettings += 1
        var name = Fingerprint()
        name.combine(Array(feature.key.text.utf8))
        let isBoundary = name.digest.low % Self.cutEvery == 0 && segment.count >= Self.segmentBytesMin
        if isBoundary || segment.count >= Self.segmentBytesMax { cut() }
    }

    private mutating func cut() {
        guard segmentSettings > 0 else { return }
        values.append(SettingsRecord(.values, bytes: segment))
        segments.append(segmentSettings)
        segmentSettings = 0
        segment = []
    }

    /// The setting with numbers in the place of its values.
    private mutating func reference(_ feature: AuthoredFeature, _ numbers: [Int?]) -> JSONValue {
        guard case .object(var source) = feature.source else { return feature.source }
        for key in Self.unread { source[key] = nil }
        if source["defaultValue"] != nil { source["defaultValue"] = Self.number(numbers[0]) }
        guard feature.isRuled, case .array(let rules) = source["rules"] else {
            source["rules"] = nil
            return .object(source)
        }
        source["rules"] = .array(
            zip(rules, feature.rules).map { rule, authored in
                reference(rule, authored, numbers[authored.firstCandidate...])
            }
        )
        return .object(source)
    }

    private mutating func reference(
        _ source: JSONValue,
        _ rule: AuthoredRule,
        _ numbers: ArraySlice<Int?>
    ) -> JSONValue {
        guard case .object(var object) = source else { return source }
        for key in Self.unread { object[key] = nil }
        var numbers = numbers
        if rule.force != nil { object["force"] = Self.number(numbers.popFirst() ?? nil) }
        if !rule.variations.isEmpty {
            let key = AuthoredRule.variationsKey(of: source)
            object[key] = .array(numbers.prefix(rule.variations.count).map(Self.number))
        }
        if let condition = object["condition"] { object["condition"] = .number(intern(condition)) }
        return .object(object)
    }

    /// −1 is what a document of references has for no value.
    private static func number(_ line: Int?) -> JSONValue { .number(line ?? -1) }

    private mutating func intern(_ condition: JSONValue) -> Int {
        var text: [UInt8] = []
        JSONWriter.authored(condition, into: &text)
        if let index = conditionIndices[text] { return index }
        conditions.append(condition)
        conditionIndices[text] = conditions.count - 1
        return conditions.count - 1
    }
}
