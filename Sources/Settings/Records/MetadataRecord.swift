import JSON

/// The general metadata record: the rules with line numbers in the place of values, and what is known of the lines
/// (`docs/formats/settings-metadata.md`).
struct MetadataRecord: Sendable {
    static let format = 1
    private static let limits = JSONLimits(bytesMax: 256 << 20, depthMax: 128)

    /// One for each setting, in authored order.
    let shapes: [SettingShape]
    /// How many settings each values record has.
    let segments: [Int]
    /// A `LineDigest` per line.
    let digests: [UInt64]
    /// The distinct conditions of rules; a rule's `condition` is an index of these.
    let conditions: [JSONValue]
    /// Parsed values of the settings that are prerequisites, by line.
    let parentValues: [ValueID: JSONValue]
    /// `features`, `savedGroups` and our top-level keys, as `FeaturesDocument` reads them but for the conditions.
    let project: JSONObject

    /// The members that are not the project's own.
    private static let ownKeys: [ExactString] = [
        "format", "shapes", "segments", "digests", "conditions", "parentValues",
    ]

    init(
        shapes: [SettingShape],
        segments: [Int],
        digests: [UInt64],
        conditions: [JSONValue],
        parentValues: [ValueID: JSONValue],
        project: JSONObject
    ) {
        self.shapes = shapes
        self.segments = segments
        self.digests = digests
        self.conditions = conditions
        self.parentValues = parentValues
        self.project = project
    }

    /// The record, members in this order.
    var record: SettingsRecord {
        var root = JSONObject()
        root["format"] = .number(Self.format)
        root["shapes"] = .array(shapes.map { .number($0.code) })
        root["segments"] = .array(segments.map { .number($0) })
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digests.count * 8)
        for digest in digests {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: digest >> shift))
            }
        }
        root["digests"] = .text(String(decoding: Base64URL.text(of: bytes), as: UTF8.self))
        root["conditions"] = .array(conditions)
        var parents = JSONObject()
        for (line, value) in parentValues.sorted(by: { $0.key.index < $1.key.index }) {
            parents[ExactString(String(line.index))] = value
        }
        root["parentValues"] = .object(parents)
        for member in project.members { root[member.key] = member.value }
        var text: [UInt8] = []
        JSONWriter.authored(.object(root), into: &text)
        return SettingsRecord(.metadata, bytes: text)
    }

    init(_ record: SettingsRecord) throws(ReleaseError) {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONParser(limits: Self.limits).value(from: record.bytes)
        } catch {
            throw .damaged(.metadata, error.description)
        }
        guard var project = root.object else { throw .damaged(.metadata, "not an object") }
        let format = root["format"]?.wholeNumber ?? 0
        guard format >= 1 else { throw .damaged(.metadata, "no format") }
        guard format <= Self.format else { throw .unknownFormat(.metadata, format) }
        shapes = try Self.numbers(root, "shapes").map { SettingShape(code: $0) }
        segments = try Self.numbers(root, "segments")
        digests = try Self.digests(root["digests"])
        conditions = root["conditions"]?.array ?? []
        var parentValues: [ValueID: JSONValue] = [:]
        for member in root["parentValues"]?.object?.members ?? [] {
            guard let line = member.key.arrayIndex else { throw .damaged(.metadata, "parentValues") }
            parentValues[ValueID(Int(line))] = member.value
        }
        self.parentValues = parentValues
        for key in Self.ownKeys { project[key] = nil }
        self.project = project
        let settings = project["features"]?.object?.count ?? -1
        guard shapes.count == settings, segments.reduce(0, +) == settings,
            digests.count == shapes.reduce(0, { $0 + $1.lines })
        else { throw .damaged(.metadata, "settings and lines do not add up") }
    }

    /// The names of the settings, in authored order.
    var names: [ExactString] { project["features"]?.object?.members.map(\.key) ?? [] }

    private static func numbers(_ root: JSONValue, _ key: ExactString) throws(ReleaseError) -> [Int] {
        var numbers: [Int] = []
        for value in root[key]?.array ?? [] {
            guard let number = value.wholeNumber, number < 1 << 31 else { throw .damaged(.metadata, key.text) }
            numbers.append(number)
        }
        return numbers
    }

    private static func digests(_ value: JSONValue?) throws(ReleaseError) -> [UInt64] {
        guard let text = value?.string?.wellFormed, let bytes = Base64URL.bytes(of: Array(text.utf8)),
            bytes.count % 8 == 0
        else { throw .damaged(.metadata, "digests") }
        return (0..<bytes.count / 8).map { index in
            bytes[index * 8..<index * 8 + 8].reduce(UInt64(0)) { $0 &<< 8 | UInt64($1) }
        }
    }
}
