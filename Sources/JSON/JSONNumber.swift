/// A JSON number: the double that a JavaScript program computes with, and the author's spelling where it differs from
/// the one JavaScript would print (`1.0`, `1e3`, more digits than a double holds).
package struct JSONNumber: Sendable {
    /// The nearest double; infinite for a literal out of range (as in JavaScript), never NaN.
    package let double: Double

    /// The authored spelling (ASCII); empty only when JavaScript's is the same.
    package let spelling: String

    package init(_ double: Double, spelling: String = "") {
        self.double = double
        self.spelling = spelling
    }

    /// What the author wrote, or else what JavaScript prints.
    package var authored: String {
        spelling.isEmpty ? NumberText.javaScript(double) : spelling
    }
}
