/// The host of an address (WHATWG URL Standard §3.5).
enum WebHost {
    /// A host as browsers write it; `nil` for one they refuse.
    static func serialised(_ text: String, isSpecial: Bool) -> String? {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), let pieces = IPv6Literal.pieces(text.dropFirst().dropLast()) else { return nil }
            return "[" + IPv6Literal.text(pieces) + "]"
        }
        guard isSpecial else {
            let forbidden = "\u{0}\t\n\r #/:<>?@[\\]^|"
            guard !text.unicodeScalars.contains(where: { forbidden.unicodeScalars.contains($0) }) else { return nil }
            return PercentEncoding.encoded(text, PercentEncoding.control)
        }
        let decoded = String(decoding: PercentEncoding.decoded(Array(text.utf8)), as: UTF8.self)
        guard let name = asciiName(decoded), !name.isEmpty else { return nil }
        let isForbidden = name.utf8.contains {
            $0 <= 0x20 || $0 == 0x7F || "#/:<>?@[\\]^|%".utf8.contains($0)
        }
        if isForbidden { return nil }
        return endsInNumber(name) ? ipv4(name) : name
    }

    /// Lower case, with labels beyond ASCII in Punycode.
    private static func asciiName(_ text: String) -> String? {
        var labels: [String] = []
        var label = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            switch scalar.value {
            case 0x2E, 0x3002, 0xFF0E, 0xFF61:
                labels.append(String(label))
                label = String.UnicodeScalarView()
            case 0xAD, 0x200B, 0x2060, 0xFEFF: break
            default: label.append(scalar)
            }
        }
        labels.append(String(label))
        var encoded: [String] = []
        for label in labels {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                encoded.append(label)
            } else {
                guard let code = Punycode.encoded(label) else { return nil }
                encoded.append("xn--" + code)
            }
        }
        return encoded.joined(separator: ".")
    }

    private static func endsInNumber(_ name: String) -> Bool {
        var parts = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        if parts.last?.isEmpty ?? false {
            if parts.count == 1 { return false }
            parts.removeLast()
        }
        guard let last = parts.last, !last.isEmpty else { return false }
        if last.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return true }
        return number(last) != nil
    }

    /// Decimal, `0x` hexadecimal or `0` octal; too large ones are clamped.
    private static func number(_ text: Substring.UTF8View) -> UInt64? {
        var digits = text
        var radix: UInt64 = 10
        if digits.count >= 2, digits.first == 0x30 {
            let second = digits[digits.index(after: digits.startIndex)]
            if second | 0x20 == 0x78 {
                digits = digits.dropFirst(2)
                radix = 16
            } else {
                digits = digits.dropFirst()
                radix = 8
            }
        }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = PercentEncoding.value(byte), UInt64(digit) < radix else { return nil }
            value = min(value * radix + UInt64(digit), 1 << 40)
        }
        return value
    }

    private static func ipv4(_ name: String) -> String? {
        var parts = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        if parts.last?.isEmpty ?? false, parts.count > 1 { parts.removeLast() }
        guard parts.count <= 4 else { return nil }
        var numbers: [UInt64] = []
        for part in parts {
            guard !part.isEmpty, let number = number(part) else { return nil }
            numbers.append(number)
        }
        guard let last = numbers.popLast(), numbers.allSatisfy({ $0 < 256 }) else { return nil }
        guard last < (1 << (8 * UInt64(4 - numbers.count))) else { return nil }
        var address = last
        for (index, number) in numbers.enumerated() { address += number << (8 * UInt64(3 - index)) }
        return (0..<4).map { String(address >> (24 - 8 * $0) & 255) }.joined(separator: ".")
    }
}
