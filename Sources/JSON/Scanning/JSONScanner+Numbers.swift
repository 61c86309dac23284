extension JSONScanner {
    /// Powers of ten that doubles hold exactly.
    private static let exactPowers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// Whole numbers of this many digits are exact in a double.
    private static let exactDigits = 15

    /// The number that starts here (RFC 8259 §6).
    mutating func number(_ bytes: Span<UInt8>) throws(Stop) -> JSONNumber {
        let start = at
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var mantissa: UInt64 = 0
        let whole = digits(bytes, &mantissa)
        guard whole > 0, whole == 1 || bytes[at - whole] != 0x30 else { throw bad(start, bytes) }
        var fraction = 0
        var isPlain = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            isPlain = false
            fraction = digits(bytes, &mantissa)
            guard fraction > 0 else { throw bad(start, bytes) }
        }
        var hasExponent = false
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            hasExponent = true
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            var ignored: UInt64 = 0
            guard digits(bytes, &ignored) > 0 else { throw bad(start, bytes) }
        }
        if !hasExponent, whole + fraction <= Self.exactDigits {
            let magnitude = Double(mantissa) / Self.exactPowers[fraction]
            let isJavaScripts = isPlain && !(isNegative && mantissa == 0)
            return JSONNumber(
                isNegative ? -magnitude : magnitude,
                spelling: isJavaScripts ? "" : spelling(bytes, start..<at)
            )
        }
        let spelling = spelling(bytes, start..<at)
        guard let double = Double(spelling) else { throw bad(start, bytes) }
        return JSONNumber(double, spelling: spelling)
    }

    /// Reads digits; the mantissa is meaningful up to `exactDigits` of them.
    @inline(__always)
    private mutating func digits(_ bytes: Span<UInt8>, _ mantissa: inout UInt64) -> Int {
        let start = at
        while at < bytes.count, bytes[at] &- 0x30 <= 9 {
            mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
            at += 1
        }
        return at - start
    }

    private func spelling(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        var text = ""
        text.reserveCapacity(range.count)
        for index in range { text.unicodeScalars.append(UnicodeScalar(bytes[index])) }
        return text
    }

    private func bad(_ start: Int, _ bytes: Span<UInt8>) -> Stop {
        at < bytes.count ? Stop(reason: .badNumber, offset: start) : stop(.unexpectedEnd)
    }
}
