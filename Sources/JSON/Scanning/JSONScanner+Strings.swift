extension JSONScanner {
    /// The string that starts with the quote here.
    mutating func string(_ bytes: Span<UInt8>) throws(Stop) -> ExactString {
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let text = try plain(bytes, start..<at)
                at += 1
                return ExactString(text)
            case UInt8(ascii: "\\"): return try escaped(bytes, from: start)
            case 0..<0x20: throw stop(.badString)
            default: at += 1
            }
        }
        throw stop(.unexpectedEnd)
    }

    /// Bytes as text.
    private func plain(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Stop) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            throw Stop(reason: .notUTF8, offset: range.lowerBound + error.byteOffsets.lowerBound)
        }
    }

    /// The rest of a string with escapes; `start` is the byte after the quote, `at` the first backslash.
    private mutating func escaped(_ bytes: Span<UInt8>, from start: Int) throws(Stop) -> ExactString {
        var decoded: [UInt8] = []
        decoded.reserveCapacity((at - start) * 2 + 16)
        for index in start..<at { decoded.append(bytes[index]) }
        var isWellFormed = true
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                if isWellFormed {
                    let text = try plain(decoded.span, 0..<decoded.count, from: start, in: bytes)
                    at += 1
                    return ExactString(text)
                }
                _ = try plain(bytes, start..<at)
                at += 1
                return ExactString(units: Self.units(generalised: decoded))
            case UInt8(ascii: "\\"): try escape(bytes, into: &decoded, isWellFormed: &isWellFormed)
            case 0..<0x20: throw stop(.badString)
            default:
                decoded.append(byte)
                at += 1
            }
        }
        throw stop(.unexpectedEnd)
    }

    /// Decoded bytes as text; an error is found again in the source, to name its place.
    private func plain(
        _ decoded: Span<UInt8>,
        _ range: Range<Int>,
        from start: Int,
        in bytes: Span<UInt8>
    ) throws(Stop) -> String {
        do throws(Stop) {
            return try plain(decoded, range)
        } catch {
            _ = try plain(bytes, start..<at)
            throw error
        }
    }

    private mutating func escape(
        _ bytes: Span<UInt8>,
        into decoded: inout [UInt8],
        isWellFormed: inout Bool
    ) throws(Stop) {
        guard at + 1 < bytes.count else {
            at = bytes.count
            throw stop(.unexpectedEnd)
        }
        let plain: UInt8
        switch bytes[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = bytes[at + 1]
        case UInt8(ascii: "b"): plain = 8
        case UInt8(ascii: "f"): plain = 12
        case UInt8(ascii: "n"): plain = 10
        case UInt8(ascii: "r"): plain = 13
        case UInt8(ascii: "t"): plain = 9
        case UInt8(ascii: "u"):
            try unicode(bytes, into: &decoded, isWellFormed: &isWellFormed)
            return
        default: throw stop(.badString)
        }
        decoded.append(plain)
        at += 2
    }

    /// `\uXXXX`, and a second one when the two are a surrogate pair.
    private mutating func unicode(
        _ bytes: Span<UInt8>,
        into decoded: inout [UInt8],
        isWellFormed: inout Bool
    ) throws(Stop) {
        guard let first = Self.unit(bytes, at: at) else { throw stop(.badString) }
        at += 6
        guard first & 0xF800 == 0xD800 else {
            Self.append(UInt32(first), to: &decoded)
            return
        }
        if first < 0xDC00, let second = Self.unit(bytes, at: at), second & 0xFC00 == 0xDC00 {
            at += 6
            Self.append(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)), to: &decoded)
        } else {
            isWellFormed = false
            Self.append(UInt32(first), to: &decoded)
        }
    }

    /// The unit of the escape `\uXXXX` at an offset.
    private static func unit(_ bytes: Span<UInt8>, at offset: Int) -> UInt16? {
        guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for index in offset + 2..<offset + 6 {
            let digit: UInt8
            switch bytes[index] {
            case 0x30...0x39: digit = bytes[index] - 0x30
            case 0x41...0x46: digit = bytes[index] - 0x41 + 10
            case 0x61...0x66: digit = bytes[index] - 0x61 + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// A code point in UTF-8, a surrogate by the same scheme.
    private static func append(_ point: UInt32, to bytes: inout [UInt8]) {
        switch point {
        case 0..<0x80: bytes.append(UInt8(point))
        case 0x80..<0x800:
            bytes.append(0xC0 | UInt8(point >> 6))
            bytes.append(0x80 | UInt8(point & 0x3F))
        case 0x800..<0x10000:
            bytes.append(0xE0 | UInt8(point >> 12))
            bytes.append(0x80 | UInt8(point >> 6 & 0x3F))
            bytes.append(0x80 | UInt8(point & 0x3F))
        default:
            bytes.append(0xF0 | UInt8(point >> 18))
            bytes.append(0x80 | UInt8(point >> 12 & 0x3F))
            bytes.append(0x80 | UInt8(point >> 6 & 0x3F))
            bytes.append(0x80 | UInt8(point & 0x3F))
        }
    }

    /// The UTF-16 units of valid UTF-8 in which surrogates may stand alone.
    private static func units(generalised bytes: [UInt8]) -> [UInt16] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            var point = length == 1 ? UInt32(lead) : UInt32(lead & (0x7F >> UInt8(length)))
            for next in bytes[(index + 1)..<(index + length)] { point = point << 6 | UInt32(next & 0x3F) }
            if point < 0x10000 {
                units.append(UInt16(point))
            } else {
                units.append(0xD800 + UInt16((point - 0x10000) >> 10))
                units.append(0xDC00 + UInt16((point - 0x10000) & 0x3FF))
            }
            index += length
        }
        return units
    }
}
