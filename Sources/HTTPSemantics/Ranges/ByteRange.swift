/// What a `Range` field asks of a representation whose length is known, one part at most (RFC 9110 section 14).
package enum ByteRange: Hashable, Sendable {
    /// No range, another unit, a malformed one or several: send the whole (section 14.2 allows to ignore them).
    case whole
    /// One part: the half-open byte range, within the length.
    case part(Range<Int>)
    /// Nothing of the representation is asked for: 416.
    case unsatisfiable

    /// Reads a `Range` field value against a representation of `length` bytes.
    package init(fieldValue: String?, length: Int) {
        guard let set = fieldValue.flatMap({ ByteRangeSet(fieldValue: $0) }), set.specifications.count == 1 else {
            self = .whole
            return
        }
        self = set.ranges(length: length).first.map { .part($0) } ?? .unsatisfiable
    }
}
