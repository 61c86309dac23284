package import HTTPTypes

/// An event whose attributes are header fields and whose body is its `data` (CloudEvents HTTP binding 1.0.2 §3.1),
/// written as the structured event that it stands for.
package enum BinaryEvent {
    private static let prefix = "ce-"

    /// Whether a request has such an event.
    package static func isPresent(in fields: HTTPFields) -> Bool {
        fields.contains { $0.name.canonicalName == "ce-specversion" }
    }

    /// The structured event.
    ///
    /// - Throws: `header` for a field that cannot be decoded, and `malformed` for a body that is not one JSON text.
    package static func structured(
        _ fields: HTTPFields,
        body: [UInt8],
        limits: EventLimits = EventLimits()
    ) throws(IntakeProblem) -> [UInt8] {
        var event: [UInt8] = [UInt8(ascii: "{")]
        event.reserveCapacity(body.count + 1_024)
        for field in fields where field.name.canonicalName.hasPrefix(prefix) {
            let name = String(field.name.canonicalName.dropFirst(prefix.utf8.count))
            // The body is the data, and no field is.
            guard name != "data", name != "data_base64" else { throw .header(field.name.canonicalName) }
            guard let value = value(field.value) else { throw .header(field.name.canonicalName) }
            EventJSON.append(name, to: &event)
            event.append(UInt8(ascii: ":"))
            EventJSON.append(value, to: &event)
            event.append(UInt8(ascii: ","))
        }
        event += "\"datacontenttype\":\"application/json\"".utf8
        if !body.isEmpty {
            try check(body, limits)
            event += ",\"data\":".utf8
            event += body
        }
        event.append(UInt8(ascii: "}"))
        return event
    }

    /// The body must be one value by itself, or it could bring attributes along.
    private static func check(_ body: [UInt8], _ limits: EventLimits) throws(IntakeProblem) {
        var reader = EventReader(body, limits: limits)
        do throws(EventReader.Broken) {
            reader.skipSpace(body.span)
            _ = try reader.passValue(body.span)
            reader.skipSpace(body.span)
            if reader.at < reader.end { throw EventReader.Broken(offset: reader.at) }
        } catch {
            throw .malformed("the body, which is the event's data, is broken at byte \(error.offset + 1)")
        }
    }

    /// A field's value as an attribute's (§3.1.3.2): without quotes around it, percent-encoding taken off.
    ///
    /// `nil` for what is not percent-encoded UTF-8 in visible ASCII.
    static func value(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = unquoted(text)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let high = digit(rest.removeFirst()), let low = digit(rest.removeFirst())
                else { return nil }
                bytes.append(high << 4 | low)
            } else {
                guard (0x20...0x7E).contains(byte) else { return nil }
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The inside of a quoted string (RFC 9110 §5.6.4), anything else as it is.
    private static func unquoted(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        var inside: [UInt8] = []
        var isEscaped = false
        for byte in bytes[1..<bytes.count - 1] {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                inside.append(byte)
                isEscaped = false
            }
        }
        return inside
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
