/// What an event must be to be counted.
extension EventReader {
    /// When the event happened, in microseconds since 1970; `nil` if it is refused.
    ///
    /// `received` is the time of arrival, which stands for a `time` that an event of our own does not have.
    mutating func check(_ bytes: Span<UInt8>, received: Int64) -> Int64? {
        guard fault == nil else { return nil }
        checkVersion(bytes)
        checkName(.id)
        checkName(.source)
        let type = checkType(bytes)
        checkEncoding(bytes)
        let occurred = checkTime(bytes, received: received, isRequired: type?.isUse ?? true)
        if let type { checkData(of: type) }
        if !attributes.isEmpty { checkAttributes() }
        return fault == nil ? occurred : nil
    }

    private mutating func checkVersion(_ bytes: Span<UInt8>) {
        let version = slots[EventSlot.specversion.rawValue]
        if !version.isText {
            refuse(.missing, "\"specversion\" is missing.")
        } else if !isNamed(version, "1.0", bytes) {
            refuse(.specversion, "\"specversion\" is not 1.0.")
        }
    }

    private mutating func checkName(_ slot: EventSlot) {
        if !slots[slot.rawValue].isText {
            refuse(.missing, "\"\(slot.name)\" is missing.")
        } else {
            checkText(slot)
        }
    }

    @inline(__always)
    private func isPlain(_ text: EventText) -> Bool {
        text.count > 0 && text.count <= limits.textBytes && !text.hasControl
    }

    /// 1 to 256 bytes without control characters.
    private mutating func checkText(_ slot: EventSlot) {
        let text = slots[slot.rawValue]
        let most = limits.textBytes
        if isPlain(text) { return }
        if text.count == 0 { refuse(.text, "\"\(slot.name)\" is empty.") }
        if text.count > most { refuse(.text, "\"\(slot.name)\" has more than \(most) bytes.") }
        if text.hasControl { refuse(.text, "\"\(slot.name)\" has a control character.") }
    }

    private mutating func checkType(_ bytes: Span<UInt8>) -> EventType? {
        let type = slots[EventSlot.type.rawValue]
        guard type.isText else {
            refuse(.missing, "\"type\" is missing.")
            return nil
        }
        if let known = known(type, bytes) { return known }
        let most = limits.textBytes
        let name = String(decoding: text(type).prefix(most), as: UTF8.self)
        let known = EventType.allCases.map(\.rawValue).joined(separator: ", ")
        refuse(.type, "The type \"\(name)\" is not counted here; these are: \(known).")
        return nil
    }

    private func known(_ type: EventText, _ bytes: Span<UInt8>) -> EventType? {
        if isNamed(type, "com.vitrine.usage.v1", bytes) { return .use }
        if isNamed(type, "com.vitrine.delivery.v1", bytes) { return .delivery }
        if isNamed(type, "com.vitrine.exposure.v1", bytes) { return .exposure }
        return isNamed(type, "vitrine.exposure", bytes) ? .formerExposure : nil
    }

    /// JSON, in `data`.
    private mutating func checkEncoding(_ bytes: Span<UInt8>) {
        if hasBase64 { refuse(.data, "\"data_base64\" is not taken; send \"data\" as JSON.") }
        let type = slots[EventSlot.datacontenttype.rawValue]
        if !type.isText || isNamed(type, "application/json", bytes) { return }
        if MediaType(String(decoding: text(type), as: UTF8.self)).essence != "application/json" {
            refuse(.data, "\"datacontenttype\" is not application/json.")
        }
    }

    private mutating func checkTime(_ bytes: Span<UInt8>, received: Int64, isRequired: Bool) -> Int64 {
        let time = slots[EventSlot.time.rawValue]
        guard time.isText else {
            if isRequired { refuse(.missing, "\"time\" is missing: when it was used.") }
            return received
        }
        let read =
            time.isDecoded
            ? EventInstant.microseconds(side.span.extracting(time.range))
            : EventInstant.microseconds(bytes.extracting(time.range))
        guard let occurred = read else {
            refuse(.time, "\"time\" is not an RFC 3339 time such as 2026-11-21T09:30:00.125Z.")
            return received
        }
        if occurred < limits.earliest { refuse(.time, "\"time\" is before the year 2000.") }
        if occurred > received + limits.ahead { refuse(.time, "\"time\" is more than a day in the future.") }
        return occurred
    }

    private mutating func checkData(of type: EventType) {
        if data == .other { refuse(.data, "\"data\" is not an object.") }
        if type.isUse {
            if data != .object { refuse(.missing, "\"data\" is missing.") }
            for slot in EventSlot.required where !slots[slot.rawValue].isText {
                refuse(.missing, "\"data.\(slot.name)\" is missing.")
            }
        }
        if EventSlot.dataNumbers.allSatisfy({ !slots[$0].isText || isPlain(slots[$0]) }) { return }
        for slot in EventSlot.columns where slots[slot.rawValue].isText { checkText(slot) }
    }

    /// Names are lower-case letters and digits, values are scalars (CloudEvents 1.0.2 §2.1, §2.2).
    private mutating func checkAttributes() {
        for attribute in attributes {
            let name = text(attribute.key)
            let isName = name.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            guard isName, !name.isEmpty else {
                let shown = String(decoding: name.prefix(64), as: UTF8.self)
                refuse(.name, "The attribute \"\(shown)\" is not named with lower-case letters and digits.")
                continue
            }
            let shown = String(decoding: name.prefix(64), as: UTF8.self)
            switch attribute.kind {
            case .array, .object: refuse(.value, "The attribute \"\(shown)\" is not a text, a number or true or false.")
            case .number:
                if Int32(String(decoding: body[attribute.value], as: UTF8.self)) == nil {
                    refuse(.number, "The attribute \"\(shown)\" is not a whole number of 32 bits.")
                }
            case .null, .bool, .text: break
            }
        }
    }
}
