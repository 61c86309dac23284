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
