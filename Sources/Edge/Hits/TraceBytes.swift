import NIOCore
import Wire

/// Writes the `traceparent` of an answer (W3C Trace Context, level 2) without strings: the request's trace with a span
/// of our own, or a new trace.
enum TraceBytes {
    static func write(_ head: RequestHead, _ bytes: Span<UInt8>, _ random: inout UInt64, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("traceparent: 00-")
        var flags: UInt8 = 0
        if let value = head.value(of: .traceparent), isValid(bytes, value),
            !head.repeated.contains(KnownFieldSet(.traceparent))
        {
            for index in (value.lowerBound + 3)..<(value.lowerBound + 35) { buffer.writeInteger(bytes[index]) }
            flags = bytes[value.lowerBound + 54] & 1
        } else {
            writeHexadecimal(next(&random) | 1, to: &buffer)
            writeHexadecimal(next(&random), to: &buffer)
        }
        buffer.writeStaticString("-")
        writeHexadecimal(next(&random) | 1, to: &buffer)
        if flags == 1 { buffer.writeStaticString("-01\r\n") } else { buffer.writeStaticString("-00\r\n") }
    }

    /// Version 00, lower-case digits, neither id zero.
    private static func isValid(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
        let start = value.lowerBound
        guard value.count == 55, bytes[start] == 0x30, bytes[start + 1] == 0x30, bytes[start + 2] == 0x2D,
            bytes[start + 35] == 0x2D, bytes[start + 52] == 0x2D
        else { return false }
        return isIdentifier(bytes, (start + 3)..<(start + 35)) && isIdentifier(bytes, (start + 36)..<(start + 52))
            && isDigit(bytes[start + 53]) && isDigit(bytes[start + 54])
    }

    private static func isIdentifier(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var sum: UInt8 = 0
        for index in range {
            guard isDigit(bytes[index]) else { return false }
            sum |= bytes[index] ^ 0x30
        }
        return sum != 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
    }

    /// SplitMix64 (Steele, Lea, Flood, 2014): ids need to differ, not to be secret.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func writeHexadecimal(_ value: UInt64, to buffer: inout ByteBuffer) {
        // Eight digits at a time, spread over the bytes of one word.
        for half in [UInt32(truncatingIfNeeded: value >> 32), UInt32(truncatingIfNeeded: value)] {
            var word: UInt64 = 0
            for shift in stride(from: UInt32(28), through: 0, by: -4) {
                let digit = UInt64(half >> shift & 0xF)
                word = word << 8 | (digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
            buffer.writeInteger(word)
        }
    }
}
