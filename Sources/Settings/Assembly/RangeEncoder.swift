/// Writes yes-or-no answers in as few bits as they surprise (a binary range coder with carry).
struct RangeEncoder: Sendable {
    private var low: UInt64 = 0
    private var range: UInt32 = .max
    private var cache: UInt8 = 0
    private var pending = 0
    private var hasCache = false
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func encode(_ bit: Bool, _ model: inout ChoiceModel) {
        let bound = (range &>> 12) &* model.zero
        if bit {
            low &+= UInt64(bound)
            range &-= bound
        } else {
            range = bound
        }
        model.learn(bit)
        normalise()
    }

    /// The lowest bits of a number, the highest of them first, each as likely as not.
    mutating func encode(_ value: Int, bits: Int) {
        for place in stride(from: bits - 1, through: 0, by: -1) {
            range &>>= 1
            if value >> place & 1 == 1 { low &+= UInt64(range) }
            normalise()
        }
    }

    /// Ends the text: everything that has been encoded can be decoded from these bytes; missing ones count as 0.
    mutating func finish() -> [UInt8] {
        // The number within the range that has the most zeros at its end, which need not be written.
        let end = low &+ UInt64(range) &- 1
        for zeros: UInt64 in [32, 24, 16, 8] {
            let mask: UInt64 = (1 &<< zeros) - 1
            let candidate = (low &+ mask) & ~mask
            if candidate <= end {
                low = candidate
                break
            }
        }
        for _ in 0..<5 { shift() }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }

    @inline(__always)
    private mutating func normalise() {
        while range < 1 &<< 24 {
            range &<<= 8
            shift()
        }
    }

    private mutating func shift() {
        if low < 0xFF00_0000 || low >= 1 &<< 32 {
            let carry = UInt8(truncatingIfNeeded: low &>> 32)
            if hasCache { bytes.append(cache &+ carry) }
            while pending > 0 {
                bytes.append(0xFF &+ carry)
                pending -= 1
            }
            cache = UInt8(truncatingIfNeeded: low &>> 24)
            hasCache = true
        } else {
            pending += 1
        }
        low = (low & 0x00FF_FFFF) &<< 8
    }
}
