import JSON

/// The line of an event: CSV (RFC 4180) with the columns of `docs/formats/usage-event.md`.
extension EventReader {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// Appends the line of the event that was read, if it is valid.
    ///
    /// - Returns: whether it is; otherwise `fault` says why not, and nothing was appended.
    mutating func project(received: Int64, into lines: inout [UInt8]) -> Bool {
        guard let occurred = check(received: received) else { return false }
        // In the order in which the members came, so before they are sorted.
        let trace = traceID()
        writeRest(withTrace: trace == nil)
        guard let content = contentHash(occurred: occurred) else { return false }
        let source = text(slots[EventSlot.source.rawValue])
        let id = text(slots[EventSlot.id.rawValue])
        let identity = EventIdentity(source: source, id: id, room: &self.content)
        for number in [identity.high, identity.low, content] {
            EventNumber.append(number, to: &lines)
            lines.append(Self.comma)
        }
        for slot in [EventSlot.source, .id, .type] { append(slot, to: &lines) }
        for number in [occurred, received] {
            EventNumber.append(number, to: &lines)
            lines.append(Self.comma)
        }
        for slot in EventSlot.columns { append(slot, to: &lines) }
        if let trace { lines += body(trace) }
        lines.append(Self.comma)
        if !rest.isEmpty { Self.append(quoted: rest[...], to: &lines) }
        lines.append(UInt8(ascii: "\n"))
        return true
    }

    /// A column and the comma behind it; nothing for a text that is not there.
    private func append(_ slot: EventSlot, to lines: inout [UInt8]) {
        let text = slots[slot.rawValue]
        if text.isText {
            if text.needsQuotes || text.count == 0 {
                Self.append(quoted: self.text(text), to: &lines)
            } else {
                lines += self.text(text)
            }
        }
        lines.append(Self.comma)
    }

    private static func append(quoted text: ArraySlice<UInt8>, to lines: inout [UInt8]) {
        lines.append(quote)
        for byte in text {
            if byte == quote { lines.append(quote) }
            lines.append(byte)
        }
        lines.append(quote)
    }

    // MARK: The trace

    private func body(_ trace: (isDecoded: Bool, range: Range<Int>)) -> ArraySlice<UInt8> {
        trace.isDecoded ? side[trace.range] : body[trace.range]
    }

    /// Where the 32 digits of `traceparent` stand; `nil` without one that is valid (W3C Trace Context §3.2).
    private func traceID() -> (isDecoded: Bool, range: Range<Int>)? {
        let parent = slots[EventSlot.traceparent.rawValue]
        guard parent.isText, parent.count >= 55 else { return nil }
        let text = text(parent)
        let start = text.startIndex
        let dash = UInt8(ascii: "-")
        guard text[start + 2] == dash, text[start + 35] == dash, text[start + 52] == dash,
            Self.isHexadecimal(text[start..<start + 2]), Self.isHexadecimal(text[start + 3..<start + 35]),
            Self.isHexadecimal(text[start + 36..<start + 52]), Self.isHexadecimal(text[start + 53..<start + 55]),
            !text[start..<start + 2].elementsEqual("ff".utf8),
            text[start + 3..<start + 35].contains(where: { $0 != UInt8(ascii: "0") })
        else { return nil }
        // Version 00 has nothing more; later ones may go on behind another dash.
        if parent.count > 55, text[start..<start + 2].elementsEqual("00".utf8) || text[start + 55] != dash {
            return nil
        }
        return (parent.isDecoded, start + 3..<start + 35)
    }

    private static func isHexadecimal(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    // MARK: The rest

    /// Writes what has no column, as one JSON object in one line: `{"data":{…},"attributes":{…}}`; nothing when nothing
    /// is left.
    ///
    /// Values keep their spelling; white space between them goes.
    private mutating func writeRest(withTrace: Bool) {
        rest.removeAll(keepingCapacity: true)
        let parent = slots[EventSlot.traceparent.rawValue]
        let hasParent = withTrace && parent.isText
        guard !members.isEmpty || hasParent || !attributes.isEmpty else { return }
        var separator = UInt8(ascii: "{")
        if !members.isEmpty {
            rest += "{\"data\":".utf8
            for member in members { writeRest(member, &separator) }
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
            writeRest(attribute, &separator)
        }
        if hasParent {
            begin(&rest)
            rest.append(separator)
            rest += EventSlot.labels[EventSlot.traceparent.rawValue]
            writeRest(string: parent)
        }
        if hasAttributes { rest.append(UInt8(ascii: "}")) }
        if hasAttributes || !members.isEmpty { rest.append(UInt8(ascii: "}")) }
    }

    private mutating func writeRest(_ member: EventMember, _ separator: inout UInt8) {
        rest.append(separator)
        separator = Self.comma
        writeRest(string: member.key)
        rest.append(UInt8(ascii: ":"))
        let bytes = body
        JSONWriter.compact(bytes.span.extracting(member.value), into: &rest)
    }

    private mutating func writeRest(string text: EventText) {
        rest.append(Self.quote)
        for byte in self.text(text) { EventJSON.append(escaping: byte, to: &rest) }
        rest.append(Self.quote)
    }
}
