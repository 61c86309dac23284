/// Money as an exact decimal, in the spelling it came in: no arithmetic is done here, so nothing is ever rounded.
///
/// At most 29 digits before the point and 9 after it, which is what `DECIMAL(38,9)` holds.
package struct ExactAmount: Hashable, Sendable {
    /// Such as `0`, `12.50` or `-3.000000001`: no plus sign, no needless leading zeros, no exponent; zero has no sign.
    package let text: String

    /// `nil` for anything else than digits with at most one point among them and a minus sign before them.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...29).contains(whole.count), whole.allSatisfy(Self.isDigit),
            whole.count == 1 || whole.first != UInt8(ascii: "0")
        else { return nil }
        if parts.count == 2 {
            guard (1...9).contains(parts[1].count), parts[1].allSatisfy(Self.isDigit) else { return nil }
        }
        let isZero = bytes.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
        self.text = isNegative && isZero ? String(decoding: bytes, as: UTF8.self) : text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
