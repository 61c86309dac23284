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

    /// The most digits of a whole number, with its sign.
    static let digitsMax = 20

    /// Appends a whole number in decimal digits.
    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: digitsMax) { (output: inout OutputSpan<UInt8>) in append(value, to: &output) }
    }

    /// The same, where there is room for `digitsMax`.
    static func append(_ value: Int64, to bytes: inout OutputSpan<UInt8>) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var first = 20
        // Two at a time, since dividing takes longest.
        while magnitude >= 10 {
            let (rest, pair) = magnitude.quotientAndRemainder(dividingBy: 100)
            let tens = UInt8(truncatingIfNeeded: pair) / 10
            digits[first - 1] += UInt8(truncatingIfNeeded: pair) - 10 * tens
            digits[first - 2] += tens
            first -= 2
            magnitude = rest
        }
        if magnitude > 0 || first == 20 {
            first -= 1
            digits[first] += UInt8(truncatingIfNeeded: magnitude)
        }
        bytes.append(digits.span, first..<20)
    }
}
