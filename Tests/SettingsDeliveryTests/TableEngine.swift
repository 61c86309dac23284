import DeliveryTypes
import JSON
import NIOCore
import SettingsDelivery

/// An engine whose rules are plain: a setting has the value of the attribute of its name, or else its default.
struct TableEngine: SettingsEngine {
    var defaults: JSONObject
    var record = ContentDigest(bytes: [UInt8](repeating: 0xab, count: 32))
    var publishedMilliseconds: Int64
    var stickyAttributes: [ExactString] = []
    var rememberedAttributes: [ExactString] = []
    var dictionary: SettingsDictionary?
    var boundaries: [Int64]
    var hasPayload = true

    init(
        _ defaults: JSONValue,
        publishedMilliseconds: Int64 = 1_771_622_898_000,
        boundaries: [Int64] = []
    ) {
        self.defaults = defaults.object ?? JSONObject()
        self.publishedMilliseconds = publishedMilliseconds
        self.boundaries = boundaries
    }

    func stateSince(_ now: Int64) -> Int64 { boundaries.last { $0 <= now } ?? 0 }

    func values(_ request: SettingsRequest) -> JSONObject {
        var values = defaults
        for member in defaults.members {
            if let value = request.forcedFeatures[member.key] ?? request.attributes[member.key] {
                values[member.key] = value
            }
        }
        return values
    }

    func evaluate(_ request: SettingsRequest, _ known: UserKnowledge, now: Int64) -> any SettingsEvaluation {
        TableEvaluation(values: values(request), hasUnit: request.attributes["id"] != nil)
    }

    func flag(_ name: ExactString, _ request: SettingsRequest, _ known: UserKnowledge, now: Int64) -> SingleEvaluation?
    {
        guard let value = values(request)[name] else { return nil }
        return SingleEvaluation(flag: TableEvaluation.flag(name, value), exposures: [], newAssignments: [])
    }

    func payloadAtHand(_ now: Int64) -> SDKText? {
        guard hasPayload else { return nil }
        let text = (["features": .object(defaults)] as JSONValue).authoredText
        return SDKText(bytes: Array(text.utf8), sinceMilliseconds: stateSince(now), untilMilliseconds: nil)
    }

    func payload(at now: Int64) async -> SDKText? { payloadAtHand(now) }

    func explain(_ request: SettingsRequest, _ known: UserKnowledge, only: ExactString?, now: Int64) -> [UInt8] {
        JSONValue.object(values(request)).stringified
    }
}

/// The values of one request; its state is the document itself.
struct TableEvaluation: SettingsEvaluation {
    let values: JSONObject
    let hasUnit: Bool

    var text: String { JSONValue.object(values).authoredText }
    var etag: String { "\"\(text.utf8.reduce(UInt64(5_381)) { $0 &* 33 &+ UInt64($1) })\"" }
    var state: String { text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    var partition: String? { nil }
    var newAssignments: [StoredAssignments] { [] }

    var exposureMark: UInt64 {
        UInt64(truncatingIfNeeded: exposures.map { $0.unit.text + $0.experiment.text }.hashValue)
    }

    var exposures: [ExperimentExposure] {
        hasUnit ? [ExperimentExposure(experiment: "e", variation: "1", attribute: "id", unit: "u")] : []
    }

    func document() -> ByteBuffer { ByteBuffer(string: text) }

    func packed(_ coding: String, compress: ([UInt8]) -> [UInt8]) -> ByteBuffer? {
        ByteBuffer(string: coding + ":" + text)
    }

    func delta(since state: String) -> ByteBuffer? {
        let characters = Array(state.utf8)
        guard characters.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: characters.count, by: 2) {
            guard let byte = UInt8(String(decoding: characters[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        // What cannot be read is no state.
        guard let held = try? JSONParser().value(from: bytes).object else { return nil }
        var changed = JSONObject()
        for member in values.members where held[member.key] != member.value { changed[member.key] = member.value }
        let answer: JSONValue = ["changed": .object(changed), "removed": []]
        return ByteBuffer(string: answer.authoredText)
    }

    func remote() -> [UInt8] {
        var features = JSONObject()
        for member in values.members { features[member.key] = ["defaultValue": member.value] }
        return Array((["features": .object(features)] as JSONValue).authoredText.utf8)
    }

    func flags() -> [FlagResolution] { values.members.map { Self.flag($0.key, $0.value) } }

    static func flag(_ name: ExactString, _ value: JSONValue) -> FlagResolution {
        FlagResolution(
            name: name,
            value: value.isNull ? nil : Array(value.authoredText.utf8),
            reason: .fixed,
            variant: "default"
        )
    }
}
