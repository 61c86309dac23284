/// A JavaScript string: a sequence of UTF-16 code units, compared and hashed by them.
///
/// Swift's `String` calls canonically equivalent texts equal and cannot hold a lone surrogate; users' keys and values
/// need both exactly. Text without lone surrogates is kept as a Swift string (no allocation up to 15 bytes of UTF-8).
package struct ExactString: Sendable {
    private enum Storage: Sendable {
        case text(String)
        /// Only for what has a lone surrogate: never equal to a text.
        case units([UInt16])
    }

    private let storage: Storage

    package init(_ text: String) {
        storage = .text(text)
    }

    /// Code units, lone surrogates included.
    package init(units: [UInt16]) {
        if let text = String(validating: units, as: UTF16.self) {
            storage = .text(text)
        } else {
            storage = .units(units)
        }
    }

    /// The code units as Swift's text, a lone surrogate as U+FFFD.
    package var text: String {
        switch storage {
        case .text(let text): text
        case .units(let units): String(decoding: units, as: UTF16.self)
        }
    }

    /// The text when there is no lone surrogate in it.
    package var wellFormed: String? {
        if case .text(let text) = storage { text } else { nil }
    }

    package var isEmpty: Bool {
        if case .text(let text) = storage { text.isEmpty } else { false }
    }

    /// The number of UTF-16 code units (JavaScript's `length`); linear for texts beyond ASCII.
    package var length: Int {
        switch storage {
        case .text(let text): text.utf16.count
        case .units(let units): units.count
        }
    }

    /// The UTF-16 code units, copied.
    package var units: [UInt16] {
        var units: [UInt16] = []
        appendUnits(to: &units)
        return units
    }

    /// Appends the UTF-16 code units.
    package func appendUnits(to units: inout [UInt16]) {
        switch storage {
        case .text(let text): units.append(contentsOf: text.utf16)
        case .units(let own): units.append(contentsOf: own)
        }
    }

    /// Calls with each UTF-16 code unit in order, without copying.
    @inline(__always)
    package func forEachUnit(_ body: (UInt16) -> Void) {
        switch storage {
        case .text(let text):
            let bytes = text.utf8.span
            if bytes.indices.allSatisfy({ bytes[$0] < 0x80 }) {
                for index in bytes.indices { body(UInt16(bytes[index])) }
            } else {
                for unit in text.utf16 { body(unit) }
            }
        case .units(let units):
            for unit in units { body(unit) }
        }
    }

    /// The number when this is a canonical array index ("0", "12", not "01"), below 2³² − 1.
    package var arrayIndex: UInt32? {
        guard case .text(let text) = storage else { return nil }
        let utf8 = text.utf8
        guard let first = utf8.first, first >= 0x30, first <= 0x39, utf8.count <= 10 else { return nil }
        guard first != 0x30 || utf8.count == 1 else { return nil }
        var value: UInt64 = 0
        for byte in utf8 {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value < UInt64(UInt32.max) ? UInt32(value) : nil
    }
}

extension ExactString: Hashable {
    @inline(__always)
    package static func == (left: ExactString, right: ExactString) -> Bool {
        switch (left.storage, right.storage) {
        case (.text(let left), .text(let right)):
            // Swift's comparison is fast and never calls equal units unequal. What it calls equal to an ASCII text of
            // the same length in UTF-8 is that text: every other spelling of it is longer.
            left.utf8.count == right.utf8.count && left == right
                && (left.utf8Span.isKnownASCII || left.utf8.elementsEqual(right.utf8))
        case (.units(let left), .units(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch storage {
        // Canonically equivalent texts collide, which is allowed; ASCII is hashed as its bytes.
        case .text(let text): hasher.combine(text)
        case .units(let units): hasher.combine(units)
        }
    }
}

/// Ordered as JavaScript orders strings: by UTF-16 code units.
extension ExactString: Comparable {
    package static func < (left: ExactString, right: ExactString) -> Bool {
        switch (left.storage, right.storage) {
        case (.text(let left), .text(let right)):
            left.utf16.lexicographicallyPrecedes(right.utf16)
        default: left.units.lexicographicallyPrecedes(right.units)
        }
    }
}

extension ExactString: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { text }
}

extension ExactString {
    /// The parts between the occurrences of an ASCII character (JavaScript's `split` with one character).
    package func split(separator: UInt8) -> [ExactString] {
        units.split(separator: UInt16(separator), omittingEmptySubsequences: false)
            .map { ExactString(units: Array($0)) }
    }

    /// Whether the text starts with an ASCII character.
    package func starts(with first: UInt8) -> Bool {
        switch storage {
        case .text(let text): text.utf8.first == first
        case .units(let units): units.first == UInt16(first)
        }
    }
}
