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
        throw JSONError(.unexpectedEnd, line: 1, column: 1, offset: bytes.count)
    }

    /// The value of a Swift text.
    package func value(from text: String) throws(JSONError) -> JSONValue {
        try value(from: Array(text.utf8))
    }

    /// The value with the places of all its parts, and the keys that are there twice.
    ///
    /// - Throws: ``JSONError`` with the place of the first error.
    package func document(from bytes: [UInt8]) throws(JSONError) -> JSONDocument {
        throw JSONError(.unexpectedEnd, line: 1, column: 1, offset: bytes.count)
    }
}
