import DeliveryTypes

/// Reads XML 1.0 token by token, in one pass, refusing what is not well-formed.
///
/// It does not check that tags match; its reader does.
struct XMLScanner {
    private let bytes: [UInt8]
    private let attributesMax: Int
    private var offset = 0
    private var hasRoot = false
    private var entities = XMLEntities()

    /// - Precondition: `bytes` is valid UTF-8.
    init(_ bytes: [UInt8], attributesMax: Int) {
        self.bytes = bytes
        self.attributesMax = attributesMax
    }

    mutating func next() throws(RenderFailure) -> XMLToken? {
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "<") else { return .text(try readText()) }
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                let start = offset
                try skip(past: "]]>")
                try checkCharacters(start..<offset - 3)
                return .text(Array(bytes[start..<offset - 3]))
            } else if take("<?") {
                try skip(past: "?>")
            } else if take("<!DOCTYPE") {
                guard !hasRoot else { throw .corruptSVG("a document type follows the root element") }
                try entities.read(bytes, from: &offset)
            } else if take("</") {
                let name = try readName()
                skipBlanks()
                try expect(">")
                return .end(name: name)
            } else {
                offset += 1
                return try readStart()
            }
        }
        return nil
    }

    // MARK: Tags

    private mutating func readStart() throws(RenderFailure) -> XMLToken {
        hasRoot = true
        let name = try readName()
        var attributes: [XMLAttribute] = []
        var names: Set<String> = []
        while true {
            let before = offset
            skipBlanks()
            if take("/>") { return .start(name: name, attributes: attributes, isEmpty: true) }
            if take(">") { return .start(name: name, attributes: attributes, isEmpty: false) }
            guard offset < bytes.count else { throw .corruptSVG("it ends too early") }
            guard offset > before else { throw .corruptSVG("a tag of \(name) is malformed") }
            let attribute = try readName()
            skipBlanks()
            try expect("=")
            skipBlanks()
            guard names.insert(attribute).inserted else { throw .corruptSVG("\(name) has \(attribute) twice") }
            guard attributes.count < attributesMax else {
                throw RenderFailure(.limitExceeded, "An SVG element has more than \(attributesMax) attributes.")
            }
            attributes.append(XMLAttribute(name: attribute, value: try readValue()))
        }
    }

    private mutating func readName() throws(RenderFailure) -> String {
        let start = offset
        while offset < bytes.count, Self.isNameCharacter(bytes[offset], isFirst: offset == start) { offset += 1 }
        guard offset > start, offset - start <= 256 else { throw .corruptSVG("a name is malformed") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func readValue() throws(RenderFailure) -> [UInt8] {
        guard offset < bytes.count else { throw .corruptSVG("it ends too early") }
        let quote = bytes[offset]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw .corruptSVG("an attribute has no quotes")
        }
        offset += 1
        var value: [UInt8] = []
        var start = offset
        while offset < bytes.count, bytes[offset] != quote {
            switch bytes[offset] {
            case UInt8(ascii: "<"): throw .corruptSVG("an attribute holds a tag")
            case UInt8(ascii: "&"):
                value += bytes[start..<offset]
                value += try entities.resolve(bytes, at: &offset).map { Self.isBlank($0) ? 0x20 : $0 }
                start = offset
            case 0x09, 0x0A, 0x0D:
                value += bytes[start..<offset]
                value.append(0x20)
                offset += 1
                start = offset
            case 0..<0x20: throw .corruptSVG("it has a control character")
            default: offset += 1
            }
        }
        value += bytes[start..<offset]
        try expect(quote == UInt8(ascii: "'") ? "'" : "\"")
        return value
    }

    // MARK: Text

    private mutating func readText() throws(RenderFailure) -> [UInt8] {
        var text: [UInt8] = []
        var start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") {
            if bytes[offset] == UInt8(ascii: "&") {
                try checkCharacters(start..<offset)
                text += bytes[start..<offset]
                text += try entities.resolve(bytes, at: &offset)
                start = offset
            } else {
                offset += 1
            }
        }
        try checkCharacters(start..<offset)
        return text + bytes[start..<offset]
    }

    private func checkCharacters(_ range: Range<Int>) throws(RenderFailure) {
        for byte in bytes[range] where byte < 0x20 && !Self.isBlank(byte) {
            throw .corruptSVG("it has a control character")
        }
    }

    /// Writes text so that it can stand between tags and in double quotes.
    static func escape(_ text: [UInt8], into output: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case 0x0D: output += "&#13;".utf8
            default: output.append(byte)
            }
        }
    }

    // MARK: Bytes

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

    static func isNameCharacter(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...: true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): !isFirst
        default: false
        }
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        let length = text.utf8.count
        guard bytes.count - offset >= length else { return false }
        var index = offset
        for byte in text.utf8 {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        offset = index
        return true
    }

    private mutating func expect(_ text: String) throws(RenderFailure) {
        guard take(text) else {
            throw offset < bytes.count ? .corruptSVG("a tag is malformed") : .corruptSVG("it ends too early")
        }
    }

    private mutating func skip(past text: String) throws(RenderFailure) {
        while offset < bytes.count {
            if take(text) { return }
            offset += 1
        }
        throw .corruptSVG("it ends too early")
    }
}
