/// An IPv4 or IPv6 address as numbers.
package enum NetworkAddress: Hashable, Sendable {
    /// The first number of the dotted form is the highest byte.
    case v4(UInt32)
    /// `high` is the network's half, the first 64 bits.
    case v6(high: UInt64, low: UInt64)

    /// Four or sixteen bytes in network order, as in `sockaddr_in` and `sockaddr_in6`; `nil` for another count.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self = .v6(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
            )
        default: return nil
        }
    }

    /// The usual text (RFC 4291 §2.2; IPv4 as four decimal numbers without leading zeros); an IPv6 zone (`%eth0`) is
    /// left out, brackets and ports are not understood.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(Self.textBytesMax + 1))
        guard bytes.count <= Self.textBytesMax else { return nil }
        if bytes.contains(UInt8(ascii: ":")) {
            let address = bytes.firstIndex(of: UInt8(ascii: "%")).map { bytes[..<$0] } ?? bytes[...]
            guard let groups = Self.groups(address) else { return nil }
            self = .v6(
                high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
                low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
            )
        } else {
            guard let number = Self.dotted(bytes[...]) else { return nil }
            self = .v4(number)
        }
    }

    /// Longest address, `%` and a zone of some length.
    private static let textBytesMax = 80

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt32 = 0
            for byte in part {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + UInt32(byte - 0x30)
            }
            guard value <= 255 else { return nil }
            number = number << 8 | value
        }
        return number
    }

    /// The eight groups of an IPv6 address.
    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        guard
            let gap = zip(bytes.indices, bytes.indices.dropFirst()).first(where: { left, right in
                bytes[left] == colon && bytes[right] == colon
            })
        else {
            guard let groups = list(bytes, mayEndDotted: true), groups.count == 8 else { return nil }
            return groups
        }
        guard let before = list(bytes[..<gap.0], mayEndDotted: false),
            let after = list(bytes[(gap.1 + 1)...], mayEndDotted: true), before.count + after.count <= 7
        else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    /// Groups separated by single colons; the last two may be an IPv4 address.
    private static func list(_ bytes: ArraySlice<UInt8>, mayEndDotted: Bool) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndDotted, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let number = dotted(part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: number >> 16))
                groups.append(UInt16(truncatingIfNeeded: number))
            } else {
                guard let group = group(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func group(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(bytes.count) else { return nil }
        var value: UInt16 = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x57)
            default: return nil
            }
        }
        return value
    }
}
