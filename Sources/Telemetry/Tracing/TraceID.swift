/// The 128 bits that name a trace; written as 32 lower-case hexadecimal digits.
package struct TraceID: Sendable, Hashable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    /// `nil` for zero, which the recommendation forbids.
    package init?(high: UInt64, low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    package init(using generator: inout some RandomNumberGenerator) {
        high = generator.next()
        low = UInt64.random(in: 1...UInt64.max, using: &generator)
    }

    package var description: String {
        SpanID.hexadecimal(high) + SpanID.hexadecimal(low)
    }
}
