/// JavaScript's `Number(text)` (ECMA-262 StringToNumber).
package enum NumberLiteral {
    /// A literal of JavaScript between white space, 0 for nothing, NaN for anything else.
    package static func value(of text: ExactString) -> Double {
        guard let text = text.wellFormed else { return .nan }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0.value) }),
            let last = scalars.lastIndex(where: { !isSpace($0.value) })
        else { return 0 }
        let bytes = Array(text[first...last].utf8)
        if bytes.count > 2, bytes[0] == 0x30 {
            switch bytes[1] | 0x20 {
            case UInt8(ascii: "x"): return whole(bytes[2...], bitsEach: 4)
            case UInt8(ascii: "o"): return whole(bytes[2...], bitsEach: 3)
            case UInt8(ascii: "b"): return whole(bytes[2...], bitsEach: 1)
            default: break
            }
        }
        return decimal(bytes)
    }

    /// JavaScript's white space and line terminators.
    package static func isSpace(_ point: UInt32) -> Bool {
        switch point {
        case 9...13, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    private static func decimal(_ bytes: [UInt8]) -> Double {
        var index = 0
        var isNegative = false
        if bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") {
            isNegative = bytes[0] == UInt8(ascii: "-")
            index = 1
        }
        if bytes[index...].elementsEqual("Infinity".utf8) { return isNegative ? -.infinity : .infinity }
        let magnitude = index
        var digits = skipDigits(bytes, &index)
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            digits += skipDigits(bytes, &index)
        }
        guard digits > 0 else { return .nan }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits(bytes, &index) > 0 else { return .nan }
        }
        guard index == bytes.count else { return .nan }
        // A zero in front lets the standard library read ".5" too.
        let value = Double("0" + String(decoding: bytes[magnitude...], as: UTF8.self)) ?? .nan
        return isNegative ? -value : value
    }

    private static func skipDigits(_ bytes: [UInt8], _ index: inout Int) -> Int {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 <= 9 { index += 1 }
        return index - start
    }

    /// A literal in a base that is a power of two, rounded once.
    private static func whole(_ digits: ArraySlice<UInt8>, bitsEach: Int) -> Double {
        var bits: [UInt8] = []
        for byte in digits {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < 1 << bitsEach else { return .nan }
            for bit in stride(from: bitsEach - 1, through: 0, by: -1) { bits.append(UInt8(digit >> bit & 1)) }
        }
        bits.insert(contentsOf: [UInt8](repeating: 0, count: (4 - bits.count % 4) % 4), at: 0)
        var hexadecimal = "0x"
        for start in stride(from: 0, to: bits.count, by: 4) {
            let nibble = bits[start..<start + 4].reduce(0) { $0 << 1 | $1 }
            hexadecimal += String(nibble, radix: 16)
        }
        return Double(hexadecimal) ?? .nan
    }
}
