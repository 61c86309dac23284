extension [UInt8] {
    /// Appends a number's bytes, the lowest first.
    mutating func append(littleEndian number: some FixedWidthInteger) {
        var rest = number
        for _ in 0..<(number.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
