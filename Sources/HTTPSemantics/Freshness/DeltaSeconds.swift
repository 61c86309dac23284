/// A non-negative number of seconds (RFC 9111 section 1.2.2).
enum DeltaSeconds {
    /// What larger numbers count as: some 31,000 years, small enough that milliseconds since 1970 do not overflow.
    static let ceiling: Int64 = 1_000_000_000_000

    /// Reads digits and nothing else; `nil` for signs, fractions, letters and the empty text.
    static func parse(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in text.utf8 {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = min(value * 10 + Int64(byte - 0x30), ceiling)
        }
        return value
    }
}
