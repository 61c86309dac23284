/// Reads one JSON text (RFC 8259, strictly: UTF-8 without byte order mark, nothing after the value).
///
/// A key that is there twice counts once, the last value at the first place, as in JavaScript's `JSON.parse`.
package struct JSONParser: Sendable {
    package let limits: JSONLimits

    package init(limits: JSONLimits = JSONLimits()) {
        self.limits = limits
    }

    /// The value of a text.
    ///
    /// - Throws: ``JSONError`` with the place of the first error.
    package func value(from bytes: [UInt8]) throws(JSONError) -> JSONValue {
        try value(from: bytes.span)
    }

    /// The value of a text.
    ///
    /// - Throws: ``JSONError`` with the place of the first error.
    package func value(from bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        var scanner = JSONScanner(limits: limits, keepsPlaces: false)
        return try read(bytes, with: &scanner)
    }

    /// The value of a Swift text.
    ///
    /// - Throws: ``JSONError`` with the place of the first error.
    package func value(from text: String) throws(JSONError) -> JSONValue {
        try value(from: Array(text.utf8))
    }

    /// The value with the places of all its parts, and the keys that are there twice.
    ///
    /// - Throws: ``JSONError`` with the place of the first error.
    package func document(from bytes: [UInt8]) throws(JSONError) -> JSONDocument {
        var scanner = JSONScanner(limits: limits, keepsPlaces: true)
        let root = try read(bytes.span, with: &scanner)
        let duplicates = scanner.duplicates.map { found in
            let place = Place(of: found.offset, in: bytes.span)
            return DuplicateMember(
                key: found.key,
                path: found.path,
                line: place.line,
                column: place.column,
                offset: found.offset
            )
        }
        return JSONDocument(root: root, extent: scanner.extents[0], duplicates: duplicates)
    }

    private func read(_ bytes: Span<UInt8>, with scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        do throws(JSONScanner.Stop) {
            return try scanner.text(bytes)
        } catch {
            let place = Place(of: error.offset, in: bytes)
            throw JSONError(error.reason, line: place.line, column: place.column, offset: error.offset)
        }
    }

    /// A line and a column, both from 1.
    private struct Place {
        var line = 1
        var column = 1

        init(of offset: Int, in bytes: Span<UInt8>) {
            for index in 0..<min(offset, bytes.count) {
                if bytes[index] == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else {
                    column += 1
                }
            }
        }
    }
}
