/// Writes values as bytes: as JavaScript would (`JSON.stringify`), or compactly as the author wrote them.
package enum JSONWriter {
    /// Exactly `JSON.stringify(value)`: JavaScript's order of keys and spelling of numbers, infinite numbers as `null`,
    /// lone surrogates as `\udXXX`.
    package static func stringify(_ value: JSONValue, into bytes: inout [UInt8]) {}

    /// Without white space, members in authored order, numbers in authored spelling.
    package static func authored(_ value: JSONValue, into bytes: inout [UInt8]) {}

    /// A string with its quotes, escaped as JavaScript does.
    package static func string(_ text: ExactString, into bytes: inout [UInt8]) {}

    /// The text without the white space outside strings, spelling kept; the text must be a valid JSON text.
    package static func compact(_ text: Span<UInt8>, into bytes: inout [UInt8]) {}
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
