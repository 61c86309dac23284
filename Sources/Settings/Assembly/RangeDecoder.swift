/// Reads what `RangeEncoder` has written.
///
/// Any bytes decode to something; a checksum beside them tells.
struct RangeDecoder: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var range: UInt32 = .max
    private var code: UInt32 = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
        for _ in 0..<4 { code = code &<< 8 | next() }
    }

    mutating func decode(_ model: inout ChoiceModel) -> Bool {
        let bound = (range &>> 12) &* model.zero
        let bit = code >= bound
        if bit {
            code &-= bound
            range &-= bound
        } else {
            range = bound
        }
        model.learn(bit)
        normalise()
        return bit
    }

    /// A number of undecided bits, the highest first.
    mutating func decode(bits: Int) -> Int {
        var value = 0
        for _ in 0..<bits {
            range &>>= 1
            let bit = code >= range
            if bit { code &-= range }
            value = value << 1 | (bit ? 1 : 0)
            normalise()
        }
        return value
    }

    @inline(__always)
    private mutating func normalise() {
        while range < 1 &<< 24 {
            range &<<= 8
            code = code &<< 8 | next()
        }
    }

    @inline(__always)
    private mutating func next() -> UInt32 {
        guard position < bytes.endIndex else { return 0 }
        defer { position += 1 }
        return UInt32(bytes[position])
    }
}
