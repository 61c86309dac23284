/// The check of `uri-host [ ":" port ]` (RFC 3986 §3.2.2), without user information and, for safety, without commas.
enum HostName {
    /// Whether the range is a host, perhaps with a port; never empty.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>, needsPort: Bool = false) -> Bool {
        var index = range.lowerBound
        if index < range.upperBound, bytes[index] == 0x5B {
            index += 1
            let start = index
            while index < range.upperBound, isInAddress(bytes[index]) { index += 1 }
            guard index > start + 1, index < range.upperBound, bytes[index] == 0x5D else { return false }
            index += 1
        } else {
            while index < range.upperBound, isInName(bytes[index]) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return !needsPort }
        guard bytes[index] == Octet.colon, range.upperBound - index <= 6 else { return false }
        index += 1
        if needsPort, index == range.upperBound { return false }
        while index < range.upperBound, Octet.isDigit(bytes[index]) { index += 1 }
        return index == range.upperBound
    }

    /// Hexadecimal digits, `:` and `.`, as in an IPv6 address.
    private static func isInAddress(_ byte: UInt8) -> Bool {
        Octet.hexadecimalValue(byte) != nil || byte == Octet.colon || byte == 0x2E
    }

    /// Unreserved characters, `%`, and sub-delimiters but the comma: one bit for each of 0x00…0x3F and 0x40…0x7F.
    @inline(__always)
    private static func isInName(_ byte: UInt8) -> Bool {
        let low: UInt64 = 0x2BFF_6FF2_0000_0000
        let high: UInt64 = 0x47FF_FFFE_87FF_FFFE
        guard byte < 0x80 else { return false }
        return ((byte < 0x40 ? low : high) >> UInt64(byte & 0x3F)) & 1 == 1
    }
}
