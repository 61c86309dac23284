/// The beginning of an XML text, read just far enough to know the root element's name.
struct MarkupHead {
    private let units: [UInt8]
    private var offset = 0

    /// The root element's name without its namespace prefix; `nil` when none begins within the given bytes.
    private(set) var rootName: String?

    /// Takes UTF-8 or UTF-16 (by byte order mark or by the zero beside the first `<`); `nil` when the first character
    /// that is not blank is no `<`.
    init?(_ head: Span<UInt8>) {
        guard let units = Self.decoded(head) else { return nil }
        self.units = units
        skipBlanks()
        guard offset < units.count, units[offset] == UInt8(ascii: "<") else { return nil }
        rootName = readRootName()
    }

    /// One unit per character; what is not ASCII becomes 0xFF, which no rule here matches.
    private static func decoded(_ head: Span<UInt8>) -> [UInt8]? {
        let isLittle = head.begins(with: [0xFF, 0xFE]) || head.begins(with: [0x3C, 0x00])
        let isBig = head.begins(with: [0xFE, 0xFF]) || head.begins(with: [0x00, 0x3C])
        var units: [UInt8] = []
        if isLittle || isBig {
            let (low, high) = isLittle ? (0, 1) : (1, 0)
            units.reserveCapacity(head.count / 2)
            var index = 0
            while index + 1 < head.count {
                units.append(head[index + high] == 0 ? head[index + low] : 0xFF)
                index += 2
            }
            if units.first == 0xFF { units.removeFirst() }  // the byte order mark
            return units
        }
        var index = head.begins(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < head.count, isBlank(head[index]) { index += 1 }
        guard index < head.count, head[index] == UInt8(ascii: "<") else { return nil }
        units.reserveCapacity(head.count - index)
        while index < head.count {
            units.append(head[index])
            index += 1
        }
        return units
    }

    private mutating func readRootName() -> String? {
        while true {
            skipBlanks()
            guard next("<") else { return nil }
            if next("?") {
                guard skip(past: "?>") else { return nil }
            } else if next("!--") {
                guard skip(past: "-->") else { return nil }
            } else if next("!DOCTYPE") || next("!doctype") {
                guard skipDeclaration() else { return nil }
            } else {
                return readName()
            }
        }
    }

    private mutating func readName() -> String? {
        var start = offset
        while offset < units.count {
            let unit = units[offset]
            if Self.isBlank(unit) || unit == UInt8(ascii: ">") || unit == UInt8(ascii: "/") {
                return start < offset ? String(decoding: units[start..<offset], as: UTF8.self) : nil
            }
            if unit == UInt8(ascii: "<") || offset - start > 64 { return nil }
            offset += 1
            if unit == UInt8(ascii: ":") { start = offset }
        }
        return nil
    }

    /// Past a document type with its internal subset, in which brackets and quotes may nest.
    private mutating func skipDeclaration() -> Bool {
        var depth = 0
        var quote: UInt8?
        while offset < units.count {
            let unit = units[offset]
            offset += 1
            if let open = quote {
                if unit == open { quote = nil }
                continue
            }
            switch unit {
            case UInt8(ascii: "<") where next("!--"):
                guard skip(past: "-->") else { return false }
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = unit
            case UInt8(ascii: "["), UInt8(ascii: "<"): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">"):
                if depth <= 0 { return true }
                depth -= 1
            default: break
            }
        }
        return false
    }

    private mutating func next(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard units.count - offset >= bytes.count, units[offset..<offset + bytes.count].elementsEqual(bytes) else {
            return false
        }
        offset += bytes.count
        return true
    }

    private mutating func skip(past text: String) -> Bool {
        let bytes = Array(text.utf8)
        while units.count - offset >= bytes.count {
            if units[offset] == bytes[0], next(text) { return true }
            offset += 1
        }
        return false
    }

    private mutating func skipBlanks() {
        while offset < units.count, Self.isBlank(units[offset]) { offset += 1 }
    }

    private static func isBlank(_ unit: UInt8) -> Bool {
        unit == 0x20 || unit == 0x0A || unit == 0x0D || unit == 0x09
    }
}
