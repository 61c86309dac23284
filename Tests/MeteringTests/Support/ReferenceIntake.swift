import Crypto
import JSON
import Metering

/// What intake promises, written the slow way over a document in memory: the columns of an event, `nil` if refused.
enum ReferenceIntake {
    static let columns = [
        "content_id", "content_type", "creator_id", "user_id", "action", "brand_id", "template_id", "country", "plan",
    ]
    static let types = [
        "com.vitrine.usage.v1", "com.vitrine.delivery.v1", "com.vitrine.exposure.v1", "vitrine.exposure",
    ]

    /// `rest` is compared as a value, so it is told apart.
    struct Line {
        var fields: [String?]
        var rest: JSONValue?
        var content: [UInt8]
    }

    /// `nil` for what is not JSON at all.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        do throws(JSONError) {
            _ = try JSONParser(limits: JSONLimits(depthMax: 100_000)).value(from: bytes)
            return true
        } catch {
            return false
        }
    }

    static func line(_ bytes: [UInt8], received: Int64) -> Line? {
        do throws(JSONError) {
            let document = try JSONParser(limits: JSONLimits(depthMax: 32)).document(from: bytes)
            guard bytes.count <= 65_536, document.duplicates.isEmpty, case .object(let event) = document.root,
                isWellFormed(document.root)
            else { return nil }
            return line(event, received: received)
        } catch {
            return nil
        }
    }

    private static func line(_ event: JSONObject, received: Int64) -> Line? {
        guard text(event, "specversion") == "1.0", let id = name(event, "id"), let source = name(event, "source"),
            let type = text(event, "type"), types.contains(type), event["data_base64"] == nil
        else { return nil }
        for member in ["time", "traceparent", "datacontenttype"] where !isTextOrNull(event[ExactString(member)]) {
            return nil
        }
        if let media = text(event, "datacontenttype") {
            let essence = media.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
            guard essence == "application/json" else { return nil }
        }
        let isUse = type == types[0]
        var occurred = received
        if let time = text(event, "time") {
            guard let read = EventInstant.microseconds(Array(time.utf8)[...]), read >= 946_684_800_000_000,
                read <= received + 86_400_000_000
            else { return nil }
            occurred = read
        } else if isUse {
            return nil
        }
        var data = JSONObject()
        switch event["data"] {
        case .object(let object)?: data = object
        case nil, .null?: if isUse { return nil }
        default: return nil
        }
        var fields: [String?] = []
        for (place, column) in columns.enumerated() {
            guard isTextOrNull(data[ExactString(column)]) else { return nil }
            fields.append(text(data, column))
            if fields[place] != nil, name(data, column) == nil { return nil }
            if isUse, place < 5, fields[place] == nil { return nil }
        }
        guard hasGoodAttributes(event), hasGoodNumbers(event["data"] ?? nil) else { return nil }
        let trace = text(event, "traceparent").flatMap(traceID)
        return Line(
            fields: [source, id, type, String(occurred), String(received)] + fields + [trace],
            rest: rest(event, data, hasTrace: trace != nil),
            content: content(event, data, time: text(event, "time") == nil ? nil : occurred)
        )
    }

    // MARK: Parts

    private static func text(_ object: JSONObject, _ name: String) -> String? {
        object[ExactString(name)]?.string?.wellFormed
    }

    private static func name(_ object: JSONObject, _ name: String) -> String? {
        guard let text = text(object, name), (1...256).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        return text
    }

    private static func isTextOrNull(_ value: JSONValue?) -> Bool {
        guard let value else { return true }
        return value.isNull || value.string != nil
    }

    private static func isWellFormed(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.wellFormed != nil
        case .array(let elements): elements.allSatisfy(isWellFormed)
        case .object(let object): object.members.allSatisfy { $0.key.wellFormed != nil && isWellFormed($0.value) }
        default: true
        }
    }

    private static let known: Set<String> = [
        "specversion", "id", "source", "type", "time", "datacontenttype", "traceparent", "data",
    ]

    private static func hasGoodAttributes(_ event: JSONObject) -> Bool {
        event.members.allSatisfy { member in
            if known.contains(member.key.text) { return true }
            let name = member.key.text
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
            else { return false }
            switch member.value {
            case .array, .object: return false
            case .number(let number): return Int32(number.authored) != nil
            default: return true
            }
        }
    }

    private static func hasGoodNumbers(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): plain(number.authored) != nil
        case .array(let elements): elements.allSatisfy(hasGoodNumbers)
        case .object(let object): object.members.allSatisfy { hasGoodNumbers($0.value) }
        default: true
        }
    }

    /// The canonical spelling of a number; `nil` out of range.
    static func plain(_ text: String) -> String? {
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text.drop { $0 == "-" }.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = halves.count > 1 ? String(halves[1]) : ""
        var digits = String((String(halves[0]) + fraction).drop { $0 == "0" })
        if digits.isEmpty { return "0" }
        guard var exponent = parts.count > 1 ? Int(parts[1]) : 0, exponent.magnitude < 1_000_000 else { return nil }
        exponent -= fraction.count
        while digits.hasSuffix("0") {
            digits.removeLast()
            exponent += 1
        }
        guard (-307...307).contains(exponent + digits.count - 1) else { return nil }
        return sign + digits + (exponent == 0 ? "" : "e\(exponent)")
    }

    private static func traceID(_ parent: String) -> String? {
        let parts = parent.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        func isHex(_ text: String, _ count: Int) -> Bool {
            text.utf8.count == count && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        }
        guard parts.count >= 4, isHex(parts[0], 2), parts[0] != "ff", isHex(parts[1], 32), isHex(parts[2], 16),
            isHex(parts[3], 2), parts[1].contains(where: { $0 != "0" }), parts.count == 4 || parts[0] != "00"
        else { return nil }
        return parts[1]
    }

    private static func rest(_ event: JSONObject, _ data: JSONObject, hasTrace: Bool) -> JSONValue? {
        var members = JSONObject()
        for member in data.members where !columns.contains(member.key.text) { members[member.key] = member.value }
        var attributes = JSONObject()
        for member in event.members where !member.value.isNull {
            let isKept = member.key == "traceparent" ? !hasTrace : !known.contains(member.key.text)
            if isKept { attributes[member.key] = member.value }
        }
        var rest = JSONObject()
        if !members.isEmpty { rest["data"] = .object(members) }
        if !attributes.isEmpty { rest["attributes"] = .object(attributes) }
        return rest.isEmpty ? nil : .object(rest)
    }

    private static func content(_ event: JSONObject, _ data: JSONObject, time: Int64?) -> [UInt8] {
        var members: [String: String] = [:]
        for member in event.members where !member.value.isNull {
            switch (member.key.text, member.value) {
            case ("specversion", _), ("datacontenttype", _), ("traceparent", _), ("tracestate", _), ("node", _):
                continue
            case ("data", _):
                var kept = JSONObject()
                for member in data.members where !(member.value.isNull && columns.contains(member.key.text)) {
                    kept[member.key] = member.value
                }
                members["data"] = canonical(.object(kept))
            case ("time", _): members["time"] = time.map(String.init)
            case (let name, .bool(let flag)): members[name] = "\"\(flag)\""
            case (let name, .number(let number)): members[name] = "\"\(Int32(number.authored) ?? 0)\""
            case (let name, let value): members[name] = canonical(value)
            }
        }
        return Array(SHA256.hash(data: Array(object(members.map { ($0.key, $0.value) }).utf8)).prefix(8))
    }

    private static func object(_ members: [(String, String)]) -> String {
        let sorted = members.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        return "{" + sorted.map { canonical(.text($0.0)) + ":" + $0.1 }.joined(separator: ",") + "}"
    }

    private static func canonical(_ value: JSONValue) -> String {
        switch value {
        case .number(let number): plain(number.authored) ?? ""
        case .array(let elements): "[" + elements.map(canonical).joined(separator: ",") + "]"
        case .object(let members): object(members.members.map { ($0.key.text, canonical($0.value)) })
        default: value.stringifiedText
        }
    }
}
