/// JavaScript's spelling of a double (ECMA-262 Number::toString, radix 10).
package enum NumberText {
    /// The shortest digits that read back as the same double: `100`, `0.1`, `1e+21`, `1e-7`, `0` also for −0,
    /// `Infinity`, `NaN`.
    package static func javaScript(_ double: Double) -> String {
        if let whole = Int64(exactly: double), whole.magnitude < 1 << 53 { return String(whole) }
        guard double.isFinite else { return double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity" }
        let (digits, point) = decimal(double.magnitude)
        return (double < 0 ? "-" : "") + layout(digits, point: point)
    }

    /// The shortest digits, without zeros at either end, and where the point is: 0.5 is "5" and 0, 120 is "12" and 3.
    private static func decimal(_ magnitude: Double) -> (digits: String, point: Int) {
        var digits: [UInt8] = []
        var whole = 0
        var hasPoint = false
        var exponent = 0
        let text = magnitude.description
        for (index, byte) in text.utf8.enumerated() {
            if byte == UInt8(ascii: ".") {
                hasPoint = true
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(text.dropFirst(index + 1)) ?? 0
                break
            } else {
                digits.append(byte)
                if !hasPoint { whole += 1 }
            }
        }
        let zeros = digits.prefix { $0 == 0x30 }.count
        let last = digits.lastIndex { $0 != 0x30 } ?? 0
        return (String(decoding: digits[zeros...max(zeros, last)], as: UTF8.self), whole + exponent - zeros)
    }

    private static func layout(_ digits: String, point: Int) -> String {
        let count = digits.utf8.count
        if count <= point, point <= 21 { return digits + String(repeating: "0", count: point - count) }
        if 0 < point, point <= 21 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
        if -6 < point, point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        let exponent = point - 1
        let sign = exponent < 0 ? "-" : "+"
        let fraction = count > 1 ? ".\(digits.dropFirst())" : ""
        return "\(digits.prefix(1))\(fraction)e\(sign)\(exponent.magnitude)"
    }
}
