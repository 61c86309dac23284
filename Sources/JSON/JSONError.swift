/// Why bytes are not a JSON text, and where.
package struct JSONError: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The text ends inside a value.
        case unexpectedEnd
        /// A byte that cannot stand there.
        case unexpectedByte(UInt8)
        /// A control character, a bad escape or the like inside a string.
        case badString
        /// Bytes that are not UTF-8.
        case notUTF8
        /// A number that RFC 8259 §6 does not allow (`01`, `1.`, `+1`, `NaN`).
        case badNumber
        /// Something after the value.
        case trailingBytes
        /// More bytes than the limit.
        case tooManyBytes(max: Int)
        /// Containers nested deeper than the limit.
        case tooDeep(max: Int)
        /// More values in the text than the limit.
        case tooManyValues(max: Int)
    }

    package let reason: Reason
    /// From 1.
    package let line: Int
    /// In bytes from the line's start, from 1.
    package let column: Int
    /// In bytes from the text's start, from 0.
    package let offset: Int

    package init(_ reason: Reason, line: Int, column: Int, offset: Int) {
        self.reason = reason
        self.line = line
        self.column = column
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// A sentence for the author: what and where.
    package var description: String {
        let what =
            switch reason {
            case .unexpectedEnd: "the text ends inside a value"
            case .unexpectedByte(let byte): "unexpected \(Self.name(of: byte))"
            case .badString: "a control character or an unknown escape in a string"
            case .notUTF8: "bytes that are not UTF-8"
            case .badNumber: "a malformed number"
            case .trailingBytes: "something follows the value"
            case .tooManyBytes(let max): "more than \(max) bytes"
            case .tooDeep(let max): "nested deeper than \(max) levels"
            case .tooManyValues(let max): "more than \(max) values"
            }
        return "\(what) at line \(line), column \(column)"
    }

    private static func name(of byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    }
}
