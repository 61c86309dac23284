/// The members of a comma-separated field value (RFC 9110 section 5.6.1).
///
/// Commas within quoted strings do not separate; an unfinished string reaches to the end. Empty members are left out,
/// spaces and tabs around members are removed. Costs one pass; never fails.
package struct FieldList: Sequence, IteratorProtocol, Sendable {
    private var rest: Substring.UTF8View

    package init(_ value: some StringProtocol) { rest = Substring(value).utf8 }

    /// The next member, trimmed and not empty.
    package mutating func next() -> Substring? {
        while !rest.isEmpty {
            let end = Self.separator(in: rest)
            let member = Self.trimmed(rest[..<end])
            rest = end == rest.endIndex ? rest[end...] : rest[rest.index(after: end)...]
            if !member.isEmpty { return Substring(member) }
        }
        return nil
    }

    /// The members of all lines of a field, in order.
    package static func members(of values: [String]) -> [Substring] { values.flatMap { FieldList($0) } }

    private static func separator(in text: Substring.UTF8View) -> Substring.UTF8View.Index {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isQuoted = true
            } else if byte == UInt8(ascii: ",") {
                return index
            }
        }
        return text.endIndex
    }

    /// The text without spaces and tabs at both ends.
    static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return text[text.endIndex...] }
        return text[first...last]
    }
}
