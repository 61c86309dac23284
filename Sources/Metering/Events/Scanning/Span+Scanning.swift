import Glibc

/// Steps of reading events that look at several bytes at once; each checks its bounds once, before it looks.
extension Span where Element == UInt8 {
    /// Eight bytes, the lowest first.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= count - 8)
        // SAFETY: the eight bytes lie within the span.
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self).littleEndian
    }

    /// The first byte from `start` to `end` that a text of JSON does not keep as it is in a column: a quote, a
    /// backslash, a comma, or a control character (U+0000–001F, U+007F); `end` if there is none.
    @inline(__always)
    func firstMark(from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= count)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index + 8 <= end {
            let word = word(at: index)
            // A byte below a bound, or equal to a value, gets its high bit. Borrows make false ones only above a true
            // one, and the lowest is what is taken.
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let comma = word ^ (ones &* 0x2C)
            let delete = word ^ (ones &* 0x7F)
            let found =
                ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | ((comma &- ones) & ~comma) | ((delete &- ones) & ~delete)
            if found & highs != 0 { return index + (found & highs).trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < end {
            let byte = self[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x2C || byte == 0x5C || byte == 0x7F { return index }
            index += 1
        }
        return end
    }

    /// The first such byte from `start` on; the span's end if there is none.
    @inline(__always)
    func first(_ byte: UInt8, from start: Int) -> Int {
        precondition(start >= 0 && start <= count)
        // SAFETY: the pointer is used inside the closure only, and never beyond the span's end.
        return unsafe withUnsafeBufferPointer { pointer in
            guard let base = pointer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), pointer.count - start)
            else { return pointer.count }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Whether the bytes of a word stand at a place; a few instructions where the word is written out.
    @inline(__always)
    func has(_ word: StaticString, at start: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard start >= 0, start <= count - length else { return false }
        // SAFETY: both have `length` bytes from there on.
        return unsafe withUnsafeBufferPointer { pointer in
            guard let base = pointer.baseAddress else { return length == 0 }
            return unsafe memcmp(base + start, word.utf8Start, length) == 0
        }
    }
}
