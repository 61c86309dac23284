import JSON

/// What two events with one identity are compared by: the hash of a canonical text.
///
/// The text is JSON without white space: the event's attributes and `data`, members sorted by the bytes of their names,
/// numbers as ``EventNumber`` writes them, attributes as texts, `time` in microseconds. What the transport adds, the
/// fixed `specversion` and `datacontenttype`, and what is `null` where that means nothing, are not in it.
extension EventReader {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let dataLabel = Array("\"data\":".utf8)
    private static let exposureType = Array(EventType.formerExposure.rawValue.utf8)
    private static let recordName = Array("record".utf8)

    /// The first 8 bytes of the canonical text's SHA-256, as a signed number; `nil` if that showed the event's fault.
    mutating func contentHash(_ bytes: Span<UInt8>, occurred: Int64) -> Int64? {
        if members.isEmpty, attributes.isEmpty, side.isEmpty, !isNodesExposure {
            var room: [UInt8] = []
            swap(&room, &content)
            defer { swap(&room, &content) }
            return plainContentHash(bytes, occurred: occurred, &room)
        }
        let (place, limit) = (at, end)
        defer { (at, end) = (place, limit) }
        attributes = sorted(attributes)
        members = sorted(members)
        content.removeAll(keepingCapacity: true)
        content.append(UInt8(ascii: "{"))
        var next = 0
        appendMembers(attributes, before: Self.dataName, &next)
        if data == .object { appendData() }
        for slot in [EventSlot.id, .source, .time, .type] where slots[slot.rawValue].isText {
            if slot == .time, isNodesExposure { continue }
            appendMembers(attributes, before: EventSlot.names[slot.rawValue], &next)
            separate()
            content += EventSlot.labels[slot.rawValue]
            if slot == .time {
                EventNumber.append(occurred, to: &content)
            } else {
                append(string: slots[slot.rawValue])
            }
        }
        appendMembers(attributes, before: nil, &next)
        content.append(UInt8(ascii: "}"))
        return fault == nil ? HashWords(of: content.span).first : nil
    }

    /// Whether it is an exposure as our nodes report it: its `id` says what happened, and each node that saw it has a
    /// time and a release of its own, which make no other exposure of it.
    private var isNodesExposure: Bool {
        let type = slots[EventSlot.type.rawValue]
        return type.isText && text(type) == Self.exposureType[...]
    }

    private mutating func appendData() {
        separate()
        content += Self.dataLabel
        content.append(UInt8(ascii: "{"))
        var next = 0
        for slot in EventSlot.ofData where slots[slot.rawValue].isText {
            appendMembers(members, before: EventSlot.names[slot.rawValue], &next)
            separate()
            content += EventSlot.labels[slot.rawValue]
            append(string: slots[slot.rawValue])
        }
        appendMembers(members, before: nil, &next)
        content.append(UInt8(ascii: "}"))
    }

    /// A comma, unless a container has just begun.
    private mutating func separate() {
        if content.last != UInt8(ascii: "{") { content.append(Self.comma) }
    }

    /// Sorts by the names' bytes; two equal ones are the event's fault.
    private mutating func sorted(_ members: [EventMember]) -> [EventMember] {
        guard members.count > 1 else { return members }
        let (body, side) = (body, side)
        func name(_ member: EventMember) -> ArraySlice<UInt8> {
            member.key.isDecoded ? side[member.key.range] : body[member.key.range]
        }
        let sorted = members.sorted { name($0).lexicographicallyPrecedes(name($1)) }
        for (one, other) in zip(sorted, sorted.dropFirst()) where name(one) == name(other) {
            let shown = String(decoding: name(one).prefix(64), as: UTF8.self)
            refuse(.duplicate, "\"\(shown)\" is there twice.")
        }
        return sorted
    }

    /// Appends what is sorted before a name, or all that is left.
    private mutating func appendMembers(_ sorted: [EventMember], before name: [UInt8]?, _ next: inout Int) {
        while next < sorted.count {
            let member = sorted[next]
            if let name, !text(member.key).lexicographicallyPrecedes(name) { return }
            next += 1
            append(member)
        }
    }

    private mutating func append(_ member: EventMember) {
        // Attributes that are null are not there; in `data`, null is a value.
        let isAttribute = !member.isOfData
        guard member.isContent, !(isAttribute && member.kind == .null) else { return }
        if member.isOfData, isNodesExposure, text(member.key) == Self.recordName[...] { return }
        separate()
        append(string: member.key)
        content.append(UInt8(ascii: ":"))
        let value = member.value
        switch member.kind {
        case .text:
            at = value.lowerBound
            end = value.upperBound
            guard let text = readString() else { return refuse(.json, "The event has a broken text.") }
            append(string: text)
        case .number where isAttribute:
            content += "\"\(Int32(String(decoding: body[value], as: UTF8.self)) ?? 0)\"".utf8
        case .bool where isAttribute:
            content.append(Self.quote)
            content += body[value]
            content.append(Self.quote)
        case .number:
            if !EventNumber.append(body[value], to: &content) { refuseNumber() }
        case .bool, .null: content += body[value]
        case .array, .object: append(container: Array(body[value]))
        }
    }

    private mutating func readString() -> EventText? {
        do throws(Broken) {
            let bytes = body
            return try string(bytes.span)
        } catch {
            return nil
        }
    }

    private mutating func refuseNumber() {
        refuse(.number, "A number is out of range: it must be 0 or have a magnitude between 1e-307 and 1e308.")
    }

    private mutating func append(string text: EventText) {
        content.append(Self.quote)
        if text.isDecoded {
            for byte in side[text.range] { EventJSON.append(escaping: byte, to: &content) }
        } else {
            content += body[text.range]
        }
        content.append(Self.quote)
    }

    // MARK: Containers

    private mutating func append(container bytes: [UInt8]) {
        let parser = JSONParser(
            limits: JSONLimits(bytesMax: limits.eventBytes, depthMax: limits.depth, valuesMax: limits.eventBytes)
        )
        do throws(JSONError) {
            let document = try parser.document(from: bytes)
            if let twice = document.duplicates.first {
                refuse(.duplicate, "\"\(twice.key.text.prefix(64))\" is there twice.")
            }
            append(document.root)
        } catch {
            refuse(.json, "A value cannot be read: \(error.reason).")
        }
    }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .null: content += "null".utf8
        case .bool(let flag): content += (flag ? "true" : "false").utf8
        case .number(let number):
            if !EventNumber.append(Array(number.authored.utf8), to: &content) { refuseNumber() }
        case .string(let text): append(text)
        case .array(let elements):
            content.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { content.append(Self.comma) }
                append(element)
            }
            content.append(UInt8(ascii: "]"))
        case .object(let object):
            content.append(UInt8(ascii: "{"))
            let sorted = object.members.sorted { left, right in
                left.key.text.utf8.lexicographicallyPrecedes(right.key.text.utf8)
            }
            for (index, member) in sorted.enumerated() {
                if index > 0 { content.append(Self.comma) }
                append(member.key)
                content.append(UInt8(ascii: ":"))
                append(member.value)
            }
            content.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ text: ExactString) {
        guard let text = text.wellFormed else {
            return refuse(.json, "The event has a surrogate without its other half.")
        }
        content.append(Self.quote)
        for byte in text.utf8 { EventJSON.append(escaping: byte, to: &content) }
        content.append(Self.quote)
    }
}
