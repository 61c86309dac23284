package import JSON

/// A variation forced by the query of a URL: `?experiment=1`.
package enum QueryOverride {
    /// `getQueryStringOverride(key, url, n)`: the first such parameter as a number, when it is in [0, n).
    package static func variation(of key: ExactString, in url: ExactString, count: Double) -> Double? {
        var units = url.units[...]
        guard let question = units.firstIndex(of: 0x3F) else { return nil }
        units = units[(question + 1)...].prefix { $0 != 0x3F }
        if let anchor = units.firstIndex(of: 0x23) {
            // The anchor ends with its line: JavaScript's `.` does not match line ends.
            let after = units[anchor...].firstIndex { $0 == 0x0A || $0 == 0x0D || $0 == 0x2028 || $0 == 0x2029 }
            units = units[..<anchor] + (after.map { units[$0...] } ?? [])
        }
        let wanted = key.units
        for pair in units.split(separator: 0x26, omittingEmptySubsequences: false) {
            let parts = pair.split(separator: 0x3D, omittingEmptySubsequences: false)
            guard parts[0].elementsEqual(wanted) else { continue }
            let number = parts.count > 1 ? integer(parts[1]) : .nan
            return number >= 0 && number < count ? number : nil
        }
        return nil
    }

    /// The number that JavaScript's `parseInt` reads, NaN without digits.
    ///
    /// White space, a sign, `0x`, digits; the rest is ignored.
    static func integer(_ text: ArraySlice<UInt16>) -> Double {
        var rest = text.drop { isSpace($0) }
        var isNegative = false
        if let sign = rest.first, sign == 0x2B || sign == 0x2D {
            isNegative = sign == 0x2D
            rest = rest.dropFirst()
        }
        var digits = ""
        if rest.count >= 2, rest.first == 0x30, rest[rest.startIndex + 1] | 0x20 == 0x78 {
            var value = 0.0
            var hasDigits = false
            for unit in rest.dropFirst(2) {
                guard let digit = hexadecimal(unit) else { break }
                value = value * 16 + digit
                hasDigits = true
            }
            return hasDigits ? (isNegative ? -value : value) : .nan
        }
        for unit in rest {
            guard unit >= 0x30, unit <= 0x39 else { break }
            digits.append(Character(UnicodeScalar(UInt8(unit))))
        }
        guard let value = Double(digits) else { return .nan }
        return isNegative ? -value : value
    }

    private static func hexadecimal(_ unit: UInt16) -> Double? {
        switch unit {
        case 0x30...0x39: Double(unit - 0x30)
        case 0x41...0x46: Double(unit - 0x37)
        case 0x61...0x66: Double(unit - 0x57)
        default: nil
        }
    }

    /// ECMA-262 WhiteSpace and LineTerminator.
    private static func isSpace(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }
}
