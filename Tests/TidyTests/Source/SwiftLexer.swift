/// Splits Swift text into tokens and comments: as much of the language as the rules need, in one pass over the bytes.
///
/// What it does not know: regular expression literals, and the code inside string interpolations.
struct SwiftLexer {
    private(set) var tokens: [Token] = []
    /// The comment that a line holds or is part of, by line number.
    private(set) var comments: [Int: String] = [:]

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        while index < bytes.count { step() }
    }

    private mutating func step() {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\n"):
            line += 1
            index += 1
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "`"):
            index += 1
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
            takeLineComment()
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
            takeBlockComment()
        case UInt8(ascii: "\""):
            takeString(hashes: 0)
        case UInt8(ascii: "#") where hashesBeforeQuote > 0:
            takeString(hashes: hashesBeforeQuote)
        default:
            if Self.isWordByte(byte) { takeWord() } else { takeMark() }
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            || (byte >= 0x30 && byte <= 0x39)
    }

    private mutating func takeWord() {
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        tokens.append(Token(text: String(decoding: bytes[start..<index], as: UTF8.self), line: line))
    }

    private mutating func takeMark() {
        tokens.append(Token(text: String(Unicode.Scalar(bytes[index])), line: line))
        index += 1
    }

    private mutating func takeLineComment() {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        comments[line] = String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func takeBlockComment() {
        var depth = 0
        repeat {
            if bytes[index] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                index += 2
            } else if bytes[index] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                index += 2
            } else {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
            comments[line] = "/*"
        } while depth > 0 && index < bytes.count
    }

    /// How many `#` stand here directly before a quote; 0 when none do.
    private var hashesBeforeQuote: Int {
        var count = 0
        while peek(count) == UInt8(ascii: "#") { count += 1 }
        return peek(count) == UInt8(ascii: "\"") ? count : 0
    }

    /// Skips a string literal, raw and multi-line forms and interpolations included.
    private mutating func takeString(hashes: Int) {
        tokens.append(Token(text: "\"\"", line: line))
        index += hashes
        let quote = UInt8(ascii: "\"")
        let isMultiline = peek(1) == quote && peek(2) == quote
        let quotes = isMultiline ? 3 : 1
        index += quotes
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote, ends(quotes: quotes, hashes: hashes) {
                index += quotes + hashes
                return
            }
            if byte == UInt8(ascii: "\n") {
                line += 1
                if !isMultiline { return }
            }
            if byte == UInt8(ascii: "\\"), hasHashes(hashes, at: 1) {
                index += 1 + hashes
                if peek(0) == UInt8(ascii: "(") { skipInterpolation() } else { index += 1 }
            } else {
                index += 1
            }
        }
    }

    private func ends(quotes: Int, hashes: Int) -> Bool {
        for offset in 0..<quotes where peek(offset) != UInt8(ascii: "\"") { return false }
        return hasHashes(hashes, at: quotes)
    }

    private func hasHashes(_ count: Int, at distance: Int) -> Bool {
        for offset in 0..<count where peek(distance + offset) != UInt8(ascii: "#") { return false }
        return true
    }

    /// Skips `(…)` inside a string, with the strings that are inside it.
    private mutating func skipInterpolation() {
        var depth = 0
        let outer = tokens.count
        repeat {
            switch bytes[index] {
            case UInt8(ascii: "("):
                depth += 1
                index += 1
            case UInt8(ascii: ")"):
                depth -= 1
                index += 1
            case UInt8(ascii: "\""):
                takeString(hashes: 0)
            case UInt8(ascii: "\n"):
                line += 1
                index += 1
            default:
                index += 1
            }
        } while depth > 0 && index < bytes.count
        tokens.removeSubrange(outer...)
    }
}
