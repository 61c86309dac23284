/// Reads events out of one body, one after the other, in one pass over its bytes.
///
/// What has a column is noted by its place; nothing is copied but texts with escapes. Broken syntax ends the reading;
/// anything else that is wrong is the event's `fault`, and the reading goes on behind the event. The bytes are passed
/// along because nothing may keep them; they are `body`'s.
struct EventReader {
    /// The bytes are no JSON here.
    struct Broken: Error {
        let offset: Int
    }

    /// What `data` is.
    enum Data {
        case absent, null, object, other
    }

    static let dataName = Array("data".utf8)

    let body: [UInt8]
    let limits: EventLimits
    /// Whether some bytes of the body are not UTF-8, so that each event has to be looked at.
    let isSuspect: Bool
    var at: Int
    /// Reading stops here: at the body's end, or the line's.
    var end: Int

    /// What was found of the event, see ``EventSlot``.
    var slots = EventSlot.Texts(repeating: EventText())
    /// Attributes, and members of `data`, that have no slot.
    var attributes: [EventMember] = []
    var members: [EventMember] = []
    var data = Data.absent
    var hasBase64 = false
    /// Why the event is refused: the first thing that was wrong.
    var fault: EventFault?
    /// Texts that had escapes, decoded.
    var side: [UInt8] = []
    /// Open containers of a value that is passed over: whether each is an object.
    var open: [Bool] = []
    /// How many containers stood inside each other in that value.
    var deepest = 0
    /// Room for what is hashed, and for the rest column.
    var content: [UInt8] = []
    var rest: [UInt8] = []

    init(_ body: [UInt8], limits: EventLimits) {
        self.body = body
        self.limits = limits
        isSuspect = !Self.isUTF8(body.span)
        at = 0
        end = body.count
    }

    /// Reads the event that starts here; afterwards `at` is behind it.
    mutating func readEvent(_ bytes: Span<UInt8>) throws(Broken) {
        reset()
        let start = at
        guard at < end, bytes[at] == UInt8(ascii: "{") else {
            _ = try passValue(bytes)
            return refuse(.json, "The event is not a JSON object.")
        }
        try readMembers(bytes, ofData: false)
        let most = limits.eventBytes
        if at - start > most { refuse(.tooLarge, "The event has more than \(most) bytes.") }
        if isSuspect, !Self.isUTF8(bytes.extracting(start..<at)) {
            fault = EventFault(.json, "The event has bytes that are not UTF-8.")
        }
    }

    /// Forgets the event before.
    private mutating func reset() {
        slots = EventSlot.Texts(repeating: EventText())
        if !attributes.isEmpty { attributes.removeAll(keepingCapacity: true) }
        if !members.isEmpty { members.removeAll(keepingCapacity: true) }
        if !side.isEmpty { side.removeAll(keepingCapacity: true) }
        if !open.isEmpty { open.removeAll(keepingCapacity: true) }
        data = .absent
        hasBase64 = false
        fault = nil
    }

    /// Notes why the event is refused, unless that is known.
    mutating func refuse(_ code: EventFault.Code, _ reason: @autoclosure () -> String) {
        if fault == nil { fault = EventFault(code, reason()) }
    }

    // MARK: Members

    private mutating func readMembers(_ bytes: Span<UInt8>, ofData: Bool) throws(Broken) {
        at += 1
        skipSpace(bytes)
        if at < end, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return
        }
        while true {
            guard at < end, bytes[at] == UInt8(ascii: "\"") else { throw Broken(offset: at) }
            let key = try string(bytes)
            skipSpace(bytes)
            guard at < end, bytes[at] == UInt8(ascii: ":") else { throw Broken(offset: at) }
            at += 1
            skipSpace(bytes)
            if ofData { try readMember(key, bytes) } else { try readAttribute(key, bytes) }
            skipSpace(bytes)
            guard at < end else { throw Broken(offset: at) }
            let next = bytes[at]
            guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else { throw Broken(offset: at) }
            at += 1
            if next == UInt8(ascii: "}") { return }
            skipSpace(bytes)
        }
    }

    private mutating func readAttribute(_ key: EventText, _ bytes: Span<UInt8>) throws(Broken) {
        let slot =
            key.isDecoded ? EventSlot.attribute(side.span, key.range) : EventSlot.attribute(bytes, key.range)
        if let slot { return try readText(slot, bytes) }
        if isNamed(key, "data", bytes) { return try readData(bytes) }
        if isNamed(key, "data_base64", bytes) {
            if hasBase64 { refuse(.duplicate, "\"data_base64\" is there twice.") }
            hasBase64 = true
            _ = try passValue(bytes)
            return
        }
        let isTransport = isNamed(key, "tracestate", bytes) || isNamed(key, "node", bytes)
        let (kind, value) = try passValue(bytes)
        attributes.append(EventMember(key: key, kind: kind, value: value, isContent: !isTransport))
    }

    private mutating func readData(_ bytes: Span<UInt8>) throws(Broken) {
        if data != .absent { refuse(.duplicate, "\"data\" is there twice.") }
        if at < end, bytes[at] == UInt8(ascii: "{") {
            data = .object
            return try readMembers(bytes, ofData: true)
        }
        let (kind, _) = try passValue(bytes)
        data = kind == .null ? .null : .other
    }

    private mutating func readMember(_ key: EventText, _ bytes: Span<UInt8>) throws(Broken) {
        let slot = key.isDecoded ? EventSlot.member(side.span, key.range) : EventSlot.member(bytes, key.range)
        if let slot { return try readText(slot, bytes) }
        let (kind, value) = try passValue(bytes)
        members.append(EventMember(key: key, kind: kind, value: value, isOfData: true))
    }

    /// A text with a place of its own, or `null`, which stands for nothing.
    private mutating func readText(_ slot: EventSlot, _ bytes: Span<UInt8>) throws(Broken) {
        if slots[slot.rawValue].presence != .absent { refuse(.duplicate, "\"\(slot.name)\" is there twice.") }
        if at < end, bytes[at] == UInt8(ascii: "\"") {
            slots[slot.rawValue] = try string(bytes)
            return
        }
        let (kind, _) = try passValue(bytes)
        if kind != .null { refuse(.value, "\"\(slot.name)\" is not a text.") }
        slots[slot.rawValue] = EventText(presence: .null)
    }

    // MARK: Texts

    /// The bytes of a text.
    func text(_ text: EventText) -> ArraySlice<UInt8> { text.isDecoded ? side[text.range] : body[text.range] }

    /// A text for people; `nil` when it is none, or too long or too odd to be shown.
    func shown(_ slot: EventSlot) -> String? {
        let text = slots[slot.rawValue]
        guard text.isText, text.count <= limits.textBytes else { return nil }
        return String(validating: self.text(text), as: UTF8.self)
    }

    /// Whether a text is a word.
    @inline(__always)
    func isNamed(_ text: EventText, _ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
        guard text.count == word.utf8CodeUnitCount else { return false }
        return text.isDecoded ? side.span.has(word, at: text.start) : bytes.has(word, at: text.start)
    }

    private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }
}
