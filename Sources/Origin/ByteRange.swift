/// What a `Range` field asks of a representation whose length is known (RFC 9110 section 14).
package enum ByteRange: Equatable, Sendable {
    /// No range, another unit, a malformed one or several: send the whole (section 14.2 allows to ignore them).
    case whole
    /// One part: the half-open byte range, within the length.
    case part(Range<Int>)
    /// Nothing of the representation is asked for: 416.
    case unsatisfiable

    /// Reads a `Range` field value against a representation of `length` bytes.
    package init(fieldValue: String?, length: Int) {
        guard let fieldValue, let equals = fieldValue.firstIndex(of: "="),
            fieldValue[..<equals].lowercased() == "bytes"
        else {
            self = .whole
            return
        }
        let specification = fieldValue[fieldValue.index(after: equals)...].filter { $0 != " " && $0 != "\t" }
        let ends = specification.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard !specification.contains(","), ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) })
        else {
            self = .whole
            return
        }
        if ends[0].isEmpty {
            guard !ends[1].isEmpty else {
                self = .whole
                return
            }
            let suffix = Int(ends[1]) ?? .max
            self = suffix == 0 || length == 0 ? .unsatisfiable : .part(max(0, length - suffix)..<length)
            return
        }
        let first = Int(ends[0]) ?? .max
        let last = ends[1].isEmpty ? .max : (Int(ends[1]) ?? .max)
        if last < first {
            self = .whole
        } else if first >= length {
            self = .unsatisfiable
        } else {
            self = .part(first..<(min(last, length - 1) + 1))
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
