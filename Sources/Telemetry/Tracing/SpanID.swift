/// The 64 bits that name a span; written as 16 lower-case hexadecimal digits.
package struct SpanID: Sendable, Hashable, CustomStringConvertible {
    package let value: UInt64

    /// `nil` for zero, which the recommendation forbids.
    package init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    package init(using generator: inout some RandomNumberGenerator) {
        value = UInt64.random(in: 1...UInt64.max, using: &generator)
    }

    package var description: String { Self.hexadecimal(value) }

    /// Sixteen digits, zeros in front.
    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
