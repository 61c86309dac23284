/// A fast keyed 64-bit hash of bytes in memory, for tables inside one process.
///
/// Folded 64 × 64 → 128-bit multiplications over 16 bytes a step, as in wyhash (Wang Yi, 2019). Not cryptographic; the
/// seed is random for each process, so that a sender cannot prepare collisions, and every user compares the bytes.
struct ByteHash: Sendable {
    let seed: UInt64

    private static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let second: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    /// Continues a hash with a range of bytes; begin with `seed`.
    @inline(__always)
    func continued(_ state: UInt64, _ span: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        precondition(range.lowerBound >= 0 && range.upperBound <= span.count)
        var state = state ^ (UInt64(truncatingIfNeeded: range.count) &* Self.first)
        var offset = range.lowerBound
        // SAFETY: a view of the same bytes, no longer alive than they are.
        let bytes = unsafe span.bytes
        while range.upperBound - offset >= 16 {
            // SAFETY: sixteen bytes are left.
            let one = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            let two = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + 8, as: UInt64.self)
            state = Self.fold(one ^ Self.second, two ^ state)
            offset += 16
        }
        if range.upperBound - offset >= 8 {
            // SAFETY: eight bytes are left.
            let one = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            state = Self.fold(one ^ Self.first, state ^ Self.second)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < range.upperBound {
            tail = tail << 8 | UInt64(span[offset])
            offset += 1
        }
        return Self.fold(tail ^ Self.first, state ^ Self.second)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }
}
