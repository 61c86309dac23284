import Glibc

/// Appending many bytes at once; each checks once that there is room.
extension OutputSpan where Element == UInt8 {
    /// Appends a range of other bytes.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count && range.count <= freeCapacity)
        // SAFETY: both have room for the range, as was checked; they do not overlap, since one is written exclusively.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe withUnsafeMutableBufferPointer { target, count in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe memcpy(to + count, from + range.lowerBound, range.count)
                count += range.count
            }
        }
    }

    /// Appends the bytes of a word.
    @inline(__always)
    mutating func append(_ word: StaticString) {
        let length = word.utf8CodeUnitCount
        precondition(length <= freeCapacity)
        // SAFETY: there is room, as was checked, and the word has that many bytes.
        unsafe withUnsafeMutableBufferPointer { target, count in
            guard let to = target.baseAddress else { return }
            unsafe memcpy(to + count, word.utf8Start, length)
            count += length
        }
    }
}

extension [UInt8] {
    /// Appends a range of other bytes.
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        append(addingCapacity: range.count) { (output: inout OutputSpan<UInt8>) in output.append(bytes, range) }
    }
}
