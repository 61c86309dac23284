/// Removes from a style sheet, or from the value of a presentation attribute, what reaches outside the document.
///
/// `@import` goes up to its semicolon; `url(…)` that leads elsewhere, and the functions that take an address as a
/// plain string or run code, become `none`; comments go. Escapes in names are resolved first, so that `\75rl(` is
/// seen as what it is. One pass over the text; parentheses may nest only as deep as the text is long, without
/// recursion.
struct StyleSheetCleaner {
    private let bytes: [UInt8]
    private var offset = 0
    private var output: [UInt8] = []

    /// What follows the opening parenthesis of these may be an address or code.
    private static let unsafeFunctions: Set<String> = [
        "src", "image", "image-set", "-webkit-image-set", "-moz-image-set", "cross-fade", "-webkit-cross-fade",
        "element", "-moz-element", "expression", "url-prefix", "domain", "regexp",
    ]

    static func cleaned(_ text: [UInt8]) -> [UInt8] {
        var cleaner = StyleSheetCleaner(text)
        cleaner.run()
        return cleaner.output
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    private mutating func run() {
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
                skipComment()
                output.append(0x20)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                copyString()
            case UInt8(ascii: "@"):
                offset += 1
                atRule()
            case UInt8(ascii: "\\"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
                word()
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                word()
            default:
                output.append(byte)
                offset += 1
            }
        }
    }

    // MARK: Parts

    private mutating func atRule() {
        let name = readName()
        guard name.lowercased == "import" || name.lowercased.hasSuffix("url") else {
            output.append(UInt8(ascii: "@"))
            output += name.text
            return
        }
        skipStatement()
    }

    /// Past the next semicolon that is in neither a string nor parentheses.
    private mutating func skipStatement() {
        var depth = 0
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = readString()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: ";") where depth <= 0:
                offset += 1
                return
            case UInt8(ascii: "("):
                depth += 1
                offset += 1
            case UInt8(ascii: ")"):
                depth -= 1
                offset += 1
            default: offset += 1
            }
        }
        offset = min(offset, bytes.count)
    }

    private mutating func word() {
        let name = readName()
        guard peek(0) == UInt8(ascii: "(") else {
            if name.text.isEmpty { offset += 1 } else { output += name.text }
            return
        }
        if name.lowercased.hasSuffix("url") {
            offset += 1
            address()
        } else if Self.unsafeFunctions.contains(name.lowercased) {
            offset += 1
            skipParentheses()
            output += "none".utf8
        } else {
            output += name.text
        }
    }

    /// From behind `url(` to behind its `)`.
    private mutating func address() {
        skipBlanks()
        var content: [UInt8]
        if let quote = peek(0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            content = readString()
        } else {
            content = []
            while let byte = peek(0), byte != UInt8(ascii: ")"), !XMLScanner.isBlank(byte) {
                if byte == UInt8(ascii: "\\") {
                    content += Array(String(Character(readEscape())).utf8)
                } else {
                    content.append(byte)
                    offset += 1
                }
            }
        }
        skipBlanks()
        let isClosed = peek(0) == UInt8(ascii: ")")
        skipParentheses()
        let isPlain = !content.contains { [0x22, 0x27, 0x28, 0x29, 0x5C].contains($0) || $0 < 0x20 }
        guard isClosed, isPlain, SVGVocabulary.isSafe(reference: content) else {
            output += "none".utf8
            return
        }
        let quote = content.contains(0x20) ? "\"" : ""
        output += "url(\(quote)".utf8
        output += content
        output += "\(quote))".utf8
    }

    /// Past the parenthesis that closes an open one.
    private mutating func skipParentheses() {
        var depth = 1
        while offset < bytes.count, depth > 0 {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 2
            case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = readString()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "("):
                depth += 1
                offset += 1
            case UInt8(ascii: ")"):
                depth -= 1
                offset += 1
            default: offset += 1
            }
        }
        offset = min(offset, bytes.count)
    }

    private mutating func skipComment() {
        offset += 2
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                offset += 2
                return
            }
            offset += 1
        }
    }

    private mutating func skipBlanks() {
        while let byte = peek(0), XMLScanner.isBlank(byte) { offset += 1 }
    }

    // MARK: Tokens

    /// A name as it is written again, and as it is compared.
    private struct Name {
        var text: [UInt8] = []
        var lowercased = ""
    }

    /// Letters that were escaped are written plainly; other escapes stay escapes, for they may be no name otherwise.
    private mutating func readName() -> Name {
        var name = Name()
        var plain: [UInt8] = []
        while let byte = peek(0) {
            if byte == UInt8(ascii: "\\") {
                let scalar = readEscape()
                if scalar.isASCII, scalar.properties.isAlphabetic {
                    name.text.append(UInt8(scalar.value))
                } else {
                    name.text += "\\\(String(scalar.value, radix: 16)) ".utf8
                }
                plain += Array(String(Character(scalar)).utf8)
            } else if XMLScanner.isNameCharacter(byte, isFirst: false), byte != UInt8(ascii: ":"),
                byte != UInt8(ascii: ".")
            {
                name.text.append(byte)
                plain.append(byte)
                offset += 1
            } else {
                break
            }
        }
        name.lowercased = String(decoding: plain, as: UTF8.self).lowercased()
        return name
    }

    /// The character that an escape stands for: up to six hexadecimal digits and a blank, or the character itself.
    private mutating func readEscape() -> UnicodeScalar {
        offset += 1
        var value: UInt32 = 0
        var digits = 0
        while digits < 6, let byte = peek(0), let digit = UInt32(String(UnicodeScalar(byte)), radix: 16) {
            value = value * 16 + digit
            digits += 1
            offset += 1
        }
        if digits > 0 {
            if let byte = peek(0), XMLScanner.isBlank(byte) { offset += 1 }
            return UnicodeScalar(value == 0 ? 0xFFFD : value) ?? "\u{FFFD}"
        }
        guard let byte = peek(0), byte < 0x80 else {
            // A character of several bytes stands for itself; its bytes follow as they are.
            return "\u{FFFD}"
        }
        offset += 1
        return UnicodeScalar(byte)
    }

    /// The characters between quotes; an unescaped end of line ends the string too, as in CSS.
    private mutating func readString() -> [UInt8] {
        let quote = bytes[offset]
        offset += 1
        var content: [UInt8] = []
        while let byte = peek(0), byte != quote, byte != 0x0A, byte != 0x0D, byte != 0x0C {
            if byte != UInt8(ascii: "\\") {
                content.append(byte)
                offset += 1
            } else if let next = peek(1), next == 0x0A || next == 0x0D || next == 0x0C {
                offset += 2
            } else {
                content += Array(String(Character(readEscape())).utf8)
            }
        }
        if peek(0) == quote { offset += 1 }
        return content
    }

    /// Writes a string again; what would be an address or a rule outside of it is written so that no reader, however
    /// lenient, can take it for one.
    private mutating func copyString() {
        output.append(UInt8(ascii: "\""))
        for byte in readString() {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "("), UInt8(ascii: "@"), 0..<0x20:
                output += "\\\(String(byte, radix: 16)) ".utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private func peek(_ distance: Int) -> UInt8? {
        offset + distance < bytes.count ? bytes[offset + distance] : nil
    }
}
