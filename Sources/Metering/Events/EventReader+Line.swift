import JSON

/// The line of an event: CSV (RFC 4180) with the columns of `docs/formats/usage-event.md`.
extension EventReader {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// Appends the line of the event that was read, if it is valid.
    ///
    /// - Returns: whether it is; otherwise `fault` says why not, and nothing was appended.
    mutating func project(_ bytes: Span<UInt8>, received: Int64, into lines: inout [UInt8]) -> Bool {
        guard let occurred = check(bytes, received: received) else { return false }
        // In the order in which the members came, so before they are sorted.
        let trace = traceID(bytes)
        writeRest(bytes, withTrace: trace == nil)
        guard let hash = contentHash(bytes, occurred: occurred) else { return false }
        var room: [UInt8] = []
        swap(&room, &content)
        let identity = identity(bytes, &room)
        swap(&room, &content)
        write((identity, hash, occurred, received), trace, bytes, to: &lines)
        return true
    }

    // What follows only reads the event: a closure in a mutating function would copy all of it for each call.

    private func write(
        _ numbers: (identity: EventIdentity, content: Int64, occurred: Int64, received: Int64),
        _ trace: EventText?,
        _ bytes: Span<UInt8>,
        to lines: inout [UInt8]
    ) {
        lines.append(addingCapacity: lineBytesMax) { (line: inout OutputSpan<UInt8>) in
            Self.append(numbers.identity.high, to: &line)
            Self.append(numbers.identity.low, to: &line)
            Self.append(numbers.content, to: &line)
            append(.source, bytes, to: &line)
            append(.id, bytes, to: &line)
            append(.type, bytes, to: &line)
            Self.append(numbers.occurred, to: &line)
            Self.append(numbers.received, to: &line)
            append(.contentID, bytes, to: &line)
            append(.contentType, bytes, to: &line)
            append(.creatorID, bytes, to: &line)
            append(.userID, bytes, to: &line)
            append(.action, bytes, to: &line)
            append(.brandID, bytes, to: &line)
            append(.templateID, bytes, to: &line)
            append(.country, bytes, to: &line)
            append(.plan, bytes, to: &line)
            if let trace { append(trace, bytes, to: &line) }
            line.append(Self.comma)
            if !rest.isEmpty { Self.append(quoted: rest.span, 0..<rest.count, to: &line) }
            line.append(UInt8(ascii: "\n"))
        }
    }

    /// What the line has at most: all of every text doubled.
    private var lineBytesMax: Int {
        var bytes = 2 * rest.count
        for number in slots.indices { bytes += 2 * slots[number].count }
        // Five numbers, quotes around texts, and what stands between the columns.
        return bytes + 5 * EventNumber.digitsMax + 3 * 19
    }

    private func identity(_ bytes: Span<UInt8>, _ room: inout [UInt8]) -> EventIdentity {
        let (source, id) = (slots[EventSlot.source.rawValue], slots[EventSlot.id.rawValue])
        room.removeAll(keepingCapacity: true)
        room.append(addingCapacity: 4 + source.count + id.count) { (room: inout OutputSpan<UInt8>) in
            for shift in 1...4 { room.append(UInt8(truncatingIfNeeded: source.count >> (32 - 8 * shift))) }
            append(source, bytes, to: &room)
            append(id, bytes, to: &room)
        }
        return EventIdentity(hashing: room.span)
    }

    private static func append(_ number: Int64, to line: inout OutputSpan<UInt8>) {
        EventNumber.append(number, to: &line)
        line.append(comma)
    }

    /// A column and the comma behind it; nothing for a text that is not there.
    private func append(_ slot: EventSlot, _ bytes: Span<UInt8>, to line: inout OutputSpan<UInt8>) {
        let text = slots[slot.rawValue]
        if text.isText {
            if !text.needsQuotes, text.count > 0 {
                append(text, bytes, to: &line)
            } else if text.isDecoded {
                Self.append(quoted: side.span, text.range, to: &line)
            } else {
                Self.append(quoted: bytes, text.range, to: &line)
            }
        }
        line.append(Self.comma)
    }

    /// The bytes of a text.
    @inline(__always)
    func append(_ text: EventText, _ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        if text.isDecoded {
            output.append(side.span, text.range)
        } else {
            output.append(bytes, text.range)
        }
    }

    private static func append(
        quoted bytes: Span<UInt8>,
        _ range: Range<Int>,
        to line: inout OutputSpan<UInt8>
    ) {
        line.append(quote)
        for index in range {
            let byte = bytes[index]
            if byte == quote { line.append(quote) }
            line.append(byte)
        }
        line.append(quote)
    }

    // MARK: The trace

    /// The 32 digits of `traceparent`; `nil` without one that is valid (W3C Trace Context §3.2).
    private func traceID(_ bytes: Span<UInt8>) -> EventText? {
        let parent = slots[EventSlot.traceparent.rawValue]
        guard parent.isText, parent.count >= 55 else { return nil }
        let isValid =
            parent.isDecoded
            ? Self.isTraceParent(side.span.extracting(parent.range))
            : Self.isTraceParent(bytes.extracting(parent.range))
        guard isValid else { return nil }
        return EventText(presence: .text, isDecoded: parent.isDecoded, start: parent.start + 3, count: 32)
    }

    /// Of at least 55 bytes.
    private static func isTraceParent(_ text: Span<UInt8>) -> Bool {
        let dash = UInt8(ascii: "-")
        guard text[2] == dash, text[35] == dash, text[52] == dash, isHexadecimal(text, 0..<2),
            isHexadecimal(text, 3..<35), isHexadecimal(text, 36..<52), isHexadecimal(text, 53..<55),
            !text.has("ff", at: 0), !text.has("00000000000000000000000000000000", at: 3)
        else { return false }
        // Version 00 has nothing more; later ones may go on behind another dash.
        return text.count == 55 || (!text.has("00", at: 0) && text[55] == dash)
    }

    private static func isHexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = text[index]
            guard byte &- 0x30 < 10 || byte &- 0x61 < 6 else { return false }
        }
        return true
    }

    // MARK: The rest

    /// Writes what has no column, as one JSON object in one line: `{"data":{…},"attributes":{…}}`; nothing when nothing
    /// is left.
    ///
    /// Values keep their spelling; white space between them goes.
    private mutating func writeRest(_ bytes: Span<UInt8>, withTrace: Bool) {
        if !rest.isEmpty { rest.removeAll(keepingCapacity: true) }
        let parent = slots[EventSlot.traceparent.rawValue]
        let hasParent = withTrace && parent.isText
        guard !members.isEmpty || hasParent || !attributes.isEmpty else { return }
        var separator = UInt8(ascii: "{")
        if !members.isEmpty {
            rest += "{\"data\":".utf8
            for member in members { writeRest(member, bytes, &separator) }
            rest.append(UInt8(ascii: "}"))
        }
        separator = UInt8(ascii: "{")
        let label = (members.isEmpty ? "{" : ",") + "\"attributes\":"
        var hasAttributes = false
        func begin(_ rest: inout [UInt8]) {
            if !hasAttributes { rest += label.utf8 }
            hasAttributes = true
        }
        for attribute in attributes where attribute.kind != .null {
            begin(&rest)
            writeRest(attribute, bytes, &separator)
        }
        if hasParent {
            begin(&rest)
            rest.append(separator)
            rest += EventSlot.labels[EventSlot.traceparent.rawValue]
            writeRest(string: parent, bytes)
        }
        if hasAttributes { rest.append(UInt8(ascii: "}")) }
        if hasAttributes || !members.isEmpty { rest.append(UInt8(ascii: "}")) }
    }

    private mutating func writeRest(_ member: EventMember, _ bytes: Span<UInt8>, _ separator: inout UInt8) {
        rest.append(separator)
        separator = Self.comma
        writeRest(string: member.key, bytes)
        rest.append(UInt8(ascii: ":"))
        JSONWriter.compact(bytes.extracting(member.value), into: &rest)
    }

    private mutating func writeRest(string text: EventText, _ bytes: Span<UInt8>) {
        rest.append(Self.quote)
        if text.isDecoded {
            for byte in side[text.range] { EventJSON.append(escaping: byte, to: &rest) }
        } else {
            // What stands in the body without escapes needs none.
            rest.append(bytes, text.range)
        }
        rest.append(Self.quote)
    }
}
