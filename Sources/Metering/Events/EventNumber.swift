/// Numbers of events as values: `1`, `1.0` and `10e-1` are one number, however many digits there are.
enum EventNumber {
    /// Where the first digit may stand: every reader's doubles reach as far.
    static let exponents = -307...307

    /// Appends the number's digits without zeros at either end, and the power of ten behind `e` unless that is 0.
    ///
    /// - Returns: Whether the number is in range; nothing was appended otherwise.
    static func append(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) -> Bool {
        var digits: [UInt8] = []
        var exponent = 0
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        var isFraction = false
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                exponent += power(rest)
                break
            } else {
                if isFraction { exponent -= 1 }
                if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte) }
            }
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard !digits.isEmpty else {
            bytes.append(UInt8(ascii: "0"))
            return true
        }
        guard exponents.contains(exponent + digits.count - 1) else { return false }
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        bytes += digits
        if exponent != 0 { bytes += "e\(exponent)".utf8 }
        return true
    }

    /// The number behind `e`; what is beyond a million is as good as that.
    private static func power(_ text: some Collection<UInt8>) -> Int {
        var value = 0
        for byte in text where byte &- 0x30 <= 9 { value = min(1_000_000, value * 10 + Int(byte - 0x30)) }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    /// Appends a whole number in decimal digits.
    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var magnitude = value.magnitude
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        if magnitude < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(magnitude)) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        while magnitude > 0 {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
            magnitude = quotient
        }
        for index in first..<20 { bytes.append(digits[index]) }
    }
}
