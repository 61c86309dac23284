/// Pulls elements and text out of the small XML documents of an S3 service.
///
/// Knows elements, text, CDATA, the five named entities and numeric ones; skips attributes, comments and processing
/// instructions; refuses document types, which no answer has and which carry entities that grow. Depth is limited, and
/// nothing is kept but the names of open elements.
struct XMLReader {
    enum Event: Hashable {
        case start(String)
        /// Not empty; one element's text may come in several pieces.
        case text(String)
        case end(String)
    }

    struct Fault: Error, Hashable {
        let reason: String
        /// In bytes from the beginning.
        let offset: Int
    }

    static let depthMax = 16

    private let bytes: [UInt8]
    private var position = 0
    private var open: [String] = []
    private var closing: String?
    private var hasElement = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next event; `nil` at the end of a document whose elements are all closed.
    mutating func next() throws(Fault) -> Event? {
        if let name = closing {
            closing = nil
            return .end(name)
        }
        while position < bytes.count {
            if bytes[position] != UInt8(ascii: "<") {
                if let text = try text() { return .text(text) }
            } else if skip("<![CDATA[") {
                let text = try upTo("]]>")
                if !text.isEmpty { return .text(String(decoding: text, as: UTF8.self)) }
            } else if skip("<!--") {
                _ = try upTo("-->")
            } else if skip("<?") {
                _ = try upTo("?>")
            } else if skip("</") {
                return try endTag()
            } else if skip("<") {
                return try startTag()
            }
        }
        guard open.isEmpty, hasElement else { throw fault("the document ends too early") }
        return nil
    }

    private func fault(_ reason: String) -> Fault { Fault(reason: reason, offset: position) }

    private mutating func skip(_ token: String) -> Bool {
        guard bytes[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    /// The bytes before `token`, which is skipped too.
    private mutating func upTo(_ token: String) throws(Fault) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            let end = position
            if skip(token) { return bytes[start..<end] }
            position += 1
        }
        throw fault("the document ends before \(token)")
    }

    private mutating func name() throws(Fault) -> String {
        let start = position
        while position < bytes.count, !" \t\r\n/>=<\"'&!?".utf8.contains(bytes[position]) { position += 1 }
        guard position > start else { throw fault("a name is missing") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func startTag() throws(Fault) -> Event {
        let name = try name()
        guard open.count < Self.depthMax else { throw fault("the document is too deep") }
        // Attributes: only their quotes matter, since these may hold a `>`.
        var quote: UInt8?
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if let expected = quote {
                if byte == expected { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                hasElement = true
                let isEmpty = bytes[position - 2] == UInt8(ascii: "/")
                if isEmpty { closing = name } else { open.append(name) }
                return .start(name)
            } else if byte == UInt8(ascii: "<") {
                break
            }
        }
        throw fault("a tag is not closed")
    }

    private mutating func endTag() throws(Fault) -> Event {
        let name = try name()
        while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: ">"), open.popLast() == name else {
            throw fault("an end tag does not fit")
        }
        position += 1
        return .end(name)
    }

    /// The text up to the next tag; `nil` for white space between the outermost elements.
    private mutating func text() throws(Fault) -> String? {
        var result: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            if bytes[position] == UInt8(ascii: "&") {
                result += Array(String(try entity()).utf8)
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        if open.isEmpty {
            // A byte order mark may stand in front.
            let isNothing = result.allSatisfy { " \t\r\n\u{FEFF}".utf8.contains($0) }
            guard isNothing else { throw fault("there is text outside the document") }
            return nil
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func entity() throws(Fault) -> Character {
        position += 1
        let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
        guard let end else { throw fault("an entity is not closed") }
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
        position = end + 1
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let isHex = name.hasPrefix("#x")
            guard name.hasPrefix("#"), let code = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10),
                let scalar = Unicode.Scalar(code)
            else { throw fault("an entity is not known") }
            return Character(scalar)
        }
    }
}
