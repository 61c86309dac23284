/// The fields of a `traceparent` header, read strictly.
///
/// `version "-" trace-id "-" parent-id "-" flags`, all lower-case hexadecimal. Version 00 is exactly 55 bytes; a later
/// version may be longer, but then a `-` follows the flags; version ff does not exist. Zero ids are invalid.
struct Traceparent {
    let traceID: TraceID
    let spanID: SpanID
    let flags: UInt8

    static let sampled: UInt8 = 0x01
    static let random: UInt8 = 0x02

    private static let length = 55
    /// Longer than any future version needs; a header beyond it is not read.
    private static let lengthMax = 512

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= Self.length, bytes.count <= Self.lengthMax,
            bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.number(bytes[0..<2]), version != 0xFF,
            bytes.count == Self.length || (version > 0 && bytes[Self.length] == dash),
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]),
            let traceID = TraceID(high: high, low: low),
            let parent = Self.number(bytes[36..<52]), let spanID = SpanID(parent),
            let flags = Self.number(bytes[53..<55])
        else { return nil }
        self.traceID = traceID
        self.spanID = spanID
        self.flags = UInt8(truncatingIfNeeded: flags)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
