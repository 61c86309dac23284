import Glibc

extension Span where Element == UInt8 {
    /// Where the byte stands first, at or after an offset; `nil` when it does not come.
    ///
    /// Costs one `memchr`.
    @inline(__always)
    package func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        precondition(start >= 0 && start <= count)
        // SAFETY: the pointer is used inside the closure only, and never beyond `count`.
        return unsafe withUnsafeBufferPointer { pointer in
            guard let base = pointer.baseAddress, start < pointer.count,
                let found = unsafe memchr(base + start, Int32(byte), pointer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Whether all bytes of a range may stand in a field value; looks at eight at a time.
    package func isFieldValue(_ range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound {
            // SAFETY: the eight bytes lie inside the range, which lies inside the span.
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            // A byte below 0x20, or 0x7F, sets its high bit; HTAB does too, and so such a word is looked at byte by
            // byte. (Borrows make false alarms only.)
            let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            let deletes = (delete &- 0x0101_0101_0101_0101) & ~delete
            if (controls | deletes) & 0x8080_8080_8080_8080 != 0 {
                for index in offset..<offset + 8 where !Octet.isFieldValue(self[index]) { return false }
            }
            offset += 8
        }
        while offset < range.upperBound {
            guard Octet.isFieldValue(self[offset]) else { return false }
            offset += 1
        }
        return true
    }

    /// The range without SP and HTAB at its ends.
    @inline(__always)
    package func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, Octet.isBlank(self[start]) { start += 1 }
        while end > start, Octet.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Whether the range has the ASCII letters of a word, in any case; the word is given in lower case.
    package func matches(_ word: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        // SAFETY: the word is ASCII text in the binary, read up to its length.
        return word.withUTF8Buffer { letters in
            for index in 0..<letters.count {
                guard unsafe Octet.lowercased(self[range.lowerBound + index]) == letters[index] else { return false }
            }
            return true
        }
    }

    /// The next element of a comma-separated list (RFC 9110 §5.6.1); `nil` at the end.
    ///
    /// Blanks around it do not belong to it, commas inside quoted strings do not part, and empty elements are passed
    /// over. It is sought from `position` on, which stands behind it afterwards.
    package func nextListElement(from position: inout Int, to end: Int) -> Range<Int>? {
        while position < end {
            let start = position
            var isQuoted = false
            while position < end {
                let byte = self[position]
                if isQuoted, byte == 0x5C, position + 1 < end {
                    position += 1
                } else if byte == 0x22 {
                    isQuoted.toggle()
                } else if byte == Octet.comma, !isQuoted {
                    break
                }
                position += 1
            }
            let element = trimmingBlanks(start..<position)
            position = Swift.min(position + 1, end)
            if !element.isEmpty { return element }
        }
        return nil
    }

    /// The text of a range; bytes that are no UTF-8 become U+FFFD.
    package func text(_ range: Range<Int>) -> String {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // SAFETY: the range lies inside the span, and the pointer is used inside the closure only.
        return unsafe withUnsafeBufferPointer { pointer in
            unsafe String(decoding: UnsafeBufferPointer(rebasing: pointer[range]), as: UTF8.self)
        }
    }
}
