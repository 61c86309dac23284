/// Writes values as bytes: as JavaScript would (`JSON.stringify`), or compactly as the author wrote them.
package enum JSONWriter {
    /// Exactly `JSON.stringify(value)`: JavaScript's order of keys and spelling of numbers, infinite numbers as `null`,
    /// lone surrogates as `\udXXX`.
    package static func stringify(_ value: JSONValue, into bytes: inout [UInt8]) {
        write(value, asJavaScript: true, into: &bytes)
    }

    /// Without white space, members in authored order, numbers in authored spelling.
    package static func authored(_ value: JSONValue, into bytes: inout [UInt8]) {
        write(value, asJavaScript: false, into: &bytes)
    }

    /// A string with its quotes, escaped as JavaScript does.
    package static func string(_ text: ExactString, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        content(text, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// What stands between a string's quotes.
    package static func content(_ text: ExactString, into bytes: inout [UInt8]) {
        guard let wellFormed = text.wellFormed else {
            loneContent(text.units, into: &bytes)
            return
        }
        if wellFormed.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            for byte in wellFormed.utf8 { escape(byte, into: &bytes) }
        } else {
            bytes.append(contentsOf: wellFormed.utf8)
        }
    }

    /// The text without the white space outside strings, spelling kept; the text must be a valid JSON text.
    package static func compact(_ text: Span<UInt8>, into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + text.count)
        var isInString = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isInString {
                bytes.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte > 0x20 {
                bytes.append(byte)
                isInString = byte == UInt8(ascii: "\"")
            }
        }
    }

    private static func write(_ value: JSONValue, asJavaScript: Bool, into bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number):
            if !asJavaScript {
                bytes.append(contentsOf: number.authored.utf8)
            } else if number.double.isFinite {
                bytes.append(contentsOf: NumberText.javaScript(number.double).utf8)
            } else {
                bytes.append(contentsOf: "null".utf8)
            }
        case .string(let text): string(text, into: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, asJavaScript: asJavaScript, into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            let members = asJavaScript ? object.javaScriptOrder : object.members
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                string(member.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, asJavaScript: asJavaScript, into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
        case 0x08: bytes.append(contentsOf: [0x5C, UInt8(ascii: "b")])
        case 0x09: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
        case 0x0A: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
        case 0x0C: bytes.append(contentsOf: [0x5C, UInt8(ascii: "f")])
        case 0x0D: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
        case 0..<0x20: hexadecimal(UInt16(byte), into: &bytes)
        default: bytes.append(byte)
        }
    }

    private static func hexadecimal(_ unit: UInt16, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(unit >> UInt16(shift) & 15)
            bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
    }

    /// Units among which surrogates may stand alone.
    private static func loneContent(_ units: [UInt16], into bytes: inout [UInt8]) {
        var index = 0
        while index < units.count {
            let unit = units[index]
            index += 1
            if unit < 0x80 {
                escape(UInt8(unit), into: &bytes)
            } else if unit & 0xF800 != 0xD800 {
                bytes.append(contentsOf: String(decoding: [unit], as: UTF16.self).utf8)
            } else if unit < 0xDC00, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                bytes.append(contentsOf: String(decoding: [unit, units[index]], as: UTF16.self).utf8)
                index += 1
            } else {
                hexadecimal(unit, into: &bytes)
            }
        }
    }
}

extension JSONValue {
    /// `JSON.stringify(self)` as UTF-8.
    package var stringified: [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.stringify(self, into: &bytes)
        return bytes
    }

    /// `JSON.stringify(self)`.
    package var stringifiedText: String { String(decoding: stringified, as: UTF8.self) }

    /// Compact, in authored order and spelling.
    package var authoredText: String {
        var bytes: [UInt8] = []
        JSONWriter.authored(self, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
