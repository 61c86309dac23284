/// Strings of JSON (RFC 8259 §7).
extension EventReader {
    /// The string that starts with the quote here.
    mutating func string(_ bytes: Span<UInt8>) throws(Broken) -> EventText {
        let start = at + 1
        let end = end
        var index = start
        var text = EventText(presence: .text, start: start)
        while index < end {
            index = bytes.firstMark(from: index, to: end)
            guard index < end else { break }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                text.count = index - start
                at = index + 1
                return text
            case UInt8(ascii: ","): text.needsQuotes = true
            case UInt8(ascii: "\\"):
                at = index
                return try escaped(bytes, from: start)
            case 0x7F: text.hasControl = true
            default: throw Broken(offset: index)
            }
            index += 1
        }
        at = end
        throw Broken(offset: end)
    }

    /// A string with escapes; `start` is the byte after the quote, `at` the first backslash.
    private mutating func escaped(_ bytes: Span<UInt8>, from start: Int) throws(Broken) -> EventText {
        let first = side.count
        side += body[start..<at]
        while at < end {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                var text = EventText(presence: .text, isDecoded: true, start: first, count: side.count - first)
                for byte in side[first...] {
                    if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") { text.needsQuotes = true }
                    if byte < 0x20 || byte == 0x7F { text.hasControl = true }
                }
                return text
            case UInt8(ascii: "\\"): try append(point: escape(bytes))
            case 0..<0x20: throw Broken(offset: at)
            default:
                side.append(byte)
                at += 1
            }
        }
        throw Broken(offset: at)
    }

    /// The character of the escape here; a surrogate without its other half is the event's fault.
    mutating func escape(_ bytes: Span<UInt8>) throws(Broken) -> UInt32 {
        guard at + 1 < end else { throw Broken(offset: at) }
        let plain: UInt32
        switch bytes[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = UInt32(bytes[at + 1])
        case UInt8(ascii: "b"): plain = 8
        case UInt8(ascii: "f"): plain = 12
        case UInt8(ascii: "n"): plain = 10
        case UInt8(ascii: "r"): plain = 13
        case UInt8(ascii: "t"): plain = 9
        case UInt8(ascii: "u"):
            guard let unit = unit(bytes, at: at) else { throw Broken(offset: at) }
            at += 6
            return paired(unit, bytes)
        default: throw Broken(offset: at)
        }
        at += 2
        return plain
    }

    /// The character that a code unit begins.
    private mutating func paired(_ unit: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
        guard unit & 0xF800 == 0xD800 else { return unit }
        if unit < 0xDC00, let second = self.unit(bytes, at: at), second & 0xFC00 == 0xDC00 {
            at += 6
            return 0x10000 + ((unit & 0x3FF) << 10 | (second & 0x3FF))
        }
        refuse(.json, "The event has a surrogate without its other half.")
        return 0xFFFD
    }

    /// The code unit of an escape `\uXXXX`.
    private func unit(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 6 <= end, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for index in offset + 2..<offset + 6 {
            let digit: UInt8
            switch bytes[index] {
            case 0x30...0x39: digit = bytes[index] - 0x30
            case 0x41...0x46: digit = bytes[index] - 0x41 + 10
            case 0x61...0x66: digit = bytes[index] - 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private mutating func append(point: UInt32) {
        if point < 0x80 {
            side.append(UInt8(point))
        } else if let scalar = UnicodeScalar(point) {
            side.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
    }
}
