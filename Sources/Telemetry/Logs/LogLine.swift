import Logging

/// The bytes of one log line while it is written, with its ceilings.
///
/// Text is escaped as JSON has it, and beyond: control characters (C0, DEL, C1) and U+2028/2029 never reach the output,
/// so a logged value can neither break the line nor drive a terminal.
struct LogLine {
    private(set) var bytes: [UInt8] = []
    private let limits: LogLimits
    /// Bytes kept free for what closes the line.
    private let reserve: Int

    init(limits: LogLimits, reserve: Int) {
        self.limits = limits
        self.reserve = reserve
        bytes.reserveCapacity(512)
    }

    /// Whether more was written than the line may hold; the caller then goes back to a mark.
    var isOverfull: Bool { bytes.count > limits.lineBytesMax - reserve }

    /// A place to go back to.
    var mark: Int { bytes.count }

    mutating func goBack(to mark: Int) {
        bytes.removeLast(bytes.count - mark)
    }

    mutating func append(raw text: StaticString) {
        for byte in String(describing: text).utf8 { bytes.append(byte) }
    }

    mutating func append(_ ascii: [UInt8]) {
        bytes += ascii
    }

    /// A JSON string with its quotes, cut at the string limit.
    mutating func append(string text: String) {
        bytes.append(UInt8(ascii: "\""))
        append(escaping: text, quotesToo: true)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A metadata value as JSON, keys in order.
    ///
    /// Stops early when the line is overfull, since the caller takes it back then.
    mutating func append(json value: Logger.MetadataValue, depth: Int = 0) {
        switch value {
        case .string(let text):
            append(string: text)
        case .stringConvertible(let convertible):
            append(number: convertible)
        case .array, .dictionary:
            if depth >= limits.depthMax { append(string: "…") } else { append(nested: value, depth: depth) }
        }
    }

    /// Whole numbers, finite fractions and truth values stay what they are; everything else is its description.
    private mutating func append(number value: any CustomStringConvertible & Sendable) {
        switch value {
        case is any BinaryInteger, is Bool: append(ascii: value.description)
        case let fraction as Double where fraction.isFinite: append(ascii: fraction.description)
        default: append(string: value.description)
        }
    }

    private mutating func append(ascii text: String) {
        for byte in text.utf8 { bytes.append(byte) }
    }

    private mutating func append(nested value: Logger.MetadataValue, depth: Int) {
        if case .array(let elements) = value {
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() where !isOverfull {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(json: element, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "]"))
        } else if case .dictionary(let entries) = value {
            bytes.append(UInt8(ascii: "{"))
            for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() where !isOverfull {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(string: entry.key)
                bytes.append(UInt8(ascii: ":"))
                append(json: entry.value, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Escapes `text`; a scalar is written whole or not at all, and an ellipsis marks a cut.
    mutating func append(escaping text: String, quotesToo: Bool) {
        let end = bytes.count + limits.stringBytesMax
        for scalar in text.unicodeScalars {
            guard bytes.count < end else {
                append(raw: "…")
                return
            }
            switch scalar {
            case "\"" where quotesToo: append(raw: "\\\"")
            case "\\": append(raw: "\\\\")
            case "\n": append(raw: "\\n")
            case "\r": append(raw: "\\r")
            case "\t": append(raw: "\\t")
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}": append(escape: scalar.value)
            default:
                if scalar.isASCII {
                    bytes.append(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { bytes.append(unit) }
                }
            }
        }
    }

    /// `\u` and four hexadecimal digits.
    private mutating func append(escape value: UInt32) {
        append(raw: "\\u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(shift)) & 0xF
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
