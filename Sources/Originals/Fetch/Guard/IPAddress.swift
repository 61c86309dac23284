/// An IPv4 or IPv6 address as a number, so that ranges can be compared without asking the system.
///
/// Reads only the strict textual forms: four decimal octets without leading zeros, and RFC 4291 text without a zone.
/// The loose forms that C libraries take for IPv4 (`127.1`, `0x7f.0.0.1`, `2130706433`, `0177.0.0.1`) are no addresses
/// here; `HostName` refuses them instead of passing them on to a resolver.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads `192.0.2.1` or `2001:db8::1` (no brackets, no zone); `nil` for everything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if let value = Self.parseIPv4(bytes[...]) {
            self = .v4(value)
        } else if let value = Self.parseIPv6(bytes) {
            self = .v6(value)
        } else {
            return nil
        }
    }

    /// Number of bits of the family: 32 or 128.
    package var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    private static func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        guard text.count <= 15 else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var octet: UInt32 = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                octet = octet * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
        }
        return value
    }

    private static func parseIPv6(_ text: [UInt8]) -> UInt128? {
        guard (2...45).contains(text.count), text.contains(UInt8(ascii: ":")) else { return nil }
        guard let gap = doubleColon(in: text) else {
            guard let groups = groups(of: text[...]), groups.count == 8 else { return nil }
            return joined(groups)
        }
        guard let head = groups(of: text[..<gap]), let tail = groups(of: text[(gap + 2)...]) else { return nil }
        let missing = 8 - head.count - tail.count
        guard missing >= 1 else { return nil }
        return joined(head + Array(repeating: 0, count: missing) + tail)
    }

    private static func doubleColon(in text: [UInt8]) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    /// The 16-bit groups of one side of `::`, where a dotted IPv4 tail counts as two.
    ///
    /// `nil` if malformed.
    private static func groups(of text: ArraySlice<UInt8>) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                guard index == parts.count - 1, let tail = parseIPv4(part) else { return nil }
                groups += [UInt16(tail >> 16), UInt16(tail & 0xffff)]
            } else {
                guard (1...4).contains(part.count) else { return nil }
                var group: UInt16 = 0
                for digit in part {
                    guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
                    group = group << 4 | UInt16(value)
                }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or RFC 5952 text (lower case, the longest run of zeros shortened).
    package var description: String {
        switch self {
        case .v4(let value):
            return [24, 16, 8, 0].map { String(value >> UInt32($0) & 0xff) }.joined(separator: ".")
        case .v6(let value):
            let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
            guard let zeros = Self.longestRunOfZeros(in: groups) else { return Self.text(groups[...]) }
            return Self.text(groups[..<zeros.lowerBound]) + "::" + Self.text(groups[zeros.upperBound...])
        }
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first longest run of at least two zero groups.
    private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}
