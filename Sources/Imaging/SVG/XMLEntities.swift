import DeliveryTypes

/// Resolves references: to characters, to the five predefined entities, and to literal entities of the document type.
///
/// An entity whose text holds a reference or a tag, or that lies in another file, is not kept, so nothing can multiply;
/// what a document expands altogether is bounded too.
struct XMLEntities {
    private static let countMax = 64
    private static let lengthMax = 1_024
    private static let expansionMax = 65_536

    private static let predefined: [String: [UInt8]] = [
        "amp": [0x26], "lt": [0x3C], "gt": [0x3E], "quot": [0x22], "apos": [0x27],
    ]

    private var texts: [String: [UInt8]] = [:]
    private var expanded = 0

    /// The text that a reference stands for.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - offset: that of the `&`; moved past the `;`.
    /// - Returns: UTF-8.
    /// - Throws: `corruptSource` for what is not resolved, `limitExceeded` past the bound of expansion.
    mutating func resolve(_ bytes: [UInt8], at offset: inout Int) throws(RenderFailure) -> [UInt8] {
        let start = offset + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ";") {
            guard end - start < 64 else { throw .corruptSVG("a reference is malformed") }
            end += 1
        }
        guard end < bytes.count else { throw .corruptSVG("a reference is malformed") }
        offset = end + 1
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        if name.hasPrefix("#") { return try Self.character(name.dropFirst()) }
        if let text = Self.predefined[name] { return text }
        guard let text = texts[name] else {
            throw .corruptSVG("the entity \(name) is unknown or not a plain text")
        }
        expanded += text.count
        guard expanded <= Self.expansionMax else {
            throw RenderFailure(.limitExceeded, "The SVG's entities expand to more than \(Self.expansionMax) bytes.")
        }
        return text
    }

    private static func character(_ digits: Substring) throws(RenderFailure) -> [UInt8] {
        let isHex = digits.hasPrefix("x")
        let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value, let scalar = UnicodeScalar(value), value >= 0x20 || [9, 10, 13].contains(value),
            value != 0xFFFE, value != 0xFFFF
        else { throw .corruptSVG("a reference names no character") }
        return Array(String(Character(scalar)).utf8)
    }

    // MARK: Document type

    /// Reads a document type from behind `<!DOCTYPE` to behind its `>`.
    mutating func read(_ bytes: [UInt8], from offset: inout Int) throws(RenderFailure) {
        var isInSubset = false
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                _ = try Self.quoted(bytes, at: &offset)
            case UInt8(ascii: "[") where !isInSubset:
                isInSubset = true
                offset += 1
            case UInt8(ascii: "]") where isInSubset:
                isInSubset = false
                offset += 1
            case UInt8(ascii: "<") where isInSubset:
                try readDeclaration(bytes, at: &offset)
            case UInt8(ascii: ">") where !isInSubset:
                offset += 1
                return
            default: offset += 1
            }
        }
        throw .corruptSVG("its document type has no end")
    }

    private mutating func readDeclaration(_ bytes: [UInt8], at offset: inout Int) throws(RenderFailure) {
        if Self.holds("<!--", bytes, offset) {
            offset += 4
            while offset < bytes.count, !Self.holds("-->", bytes, offset) { offset += 1 }
            offset += 3
            return
        }
        let isEntity = Self.holds("<!ENTITY", bytes, offset)
        var words: [String] = []
        var word: [UInt8] = []
        var literals: [[UInt8]] = []
        offset += isEntity ? 8 : 1
        while offset < bytes.count, bytes[offset] != UInt8(ascii: ">") {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                literals.append(try Self.quoted(bytes, at: &offset))
                continue
            }
            if XMLScanner.isBlank(byte) {
                if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
                word = []
            } else {
                word.append(byte)
            }
            offset += 1
        }
        guard offset < bytes.count else { throw .corruptSVG("its document type has no end") }
        offset += 1
        // `<!ENTITY name "text">` and nothing else; `%` or SYSTEM would be another word.
        if isEntity, words.count == 1, word.isEmpty, literals.count == 1 { keep(literals[0], as: words[0]) }
    }

    private mutating func keep(_ literal: [UInt8], as name: String) {
        let isPlain = !literal.contains { byte in
            byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "%")
                || byte < 0x20 && !XMLScanner.isBlank(byte)
        }
        guard isPlain, literal.count <= Self.lengthMax, texts.count < Self.countMax, texts[name] == nil else {
            return
        }
        texts[name] = literal
    }

    /// The text between quotes; `offset` moves from the first to behind the second.
    private static func quoted(_ bytes: [UInt8], at offset: inout Int) throws(RenderFailure) -> [UInt8] {
        let quote = bytes[offset]
        let start = offset + 1
        offset = start
        while offset < bytes.count, bytes[offset] != quote { offset += 1 }
        guard offset < bytes.count else { throw .corruptSVG("its document type has no end") }
        defer { offset += 1 }
        return Array(bytes[start..<offset])
    }

    private static func holds(_ text: String, _ bytes: [UInt8], _ offset: Int) -> Bool {
        bytes[offset...].starts(with: text.utf8)
    }
}
