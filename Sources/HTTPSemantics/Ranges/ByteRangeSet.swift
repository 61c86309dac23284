/// The byte ranges a `Range` field asks for, not yet held against a length (RFC 9110 section 14.1.2).
package struct ByteRangeSet: Hashable, Sendable {
    /// How many ranges are looked at; more make the whole field ignored (section 14.2 advises it).
    package static let rangesMax = 32

    package enum Specification: Hashable, Sendable {
        /// From the first to the last position, both included; `nil` for the end.
        case from(Int, through: Int?)
        /// So many last bytes.
        case suffix(Int)
    }

    /// In the order asked for; at least one.
    package var specifications: [Specification]

    /// Reads the field value; `nil` for other units and whatever is malformed, which is to be ignored (section 14.2).
    ///
    /// Positions beyond `Int.max` are held at that.
    package init?(fieldValue: String) {
        guard let equals = fieldValue.firstIndex(of: "="), fieldValue[..<equals].lowercased() == "bytes"
        else { return nil }
        specifications = []
        for member in FieldList(fieldValue[fieldValue.index(after: equals)...]) {
            guard specifications.count < Self.rangesMax, let specification = Self.specification(member)
            else { return nil }
            specifications.append(specification)
        }
        if specifications.isEmpty { return nil }
    }

    private static func specification(_ text: Substring) -> Specification? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else { return nil }
        let last = ends[1].isEmpty ? nil : Int(ends[1]) ?? .max
        if ends[0].isEmpty { return last.map { .suffix($0) } }
        let first = Int(ends[0]) ?? .max
        if let last, last < first { return nil }
        return .from(first, through: last)
    }

    /// The half-open ranges within a representation of `length` bytes, in the order asked for, without those that
    /// begin behind its end; empty if none is satisfiable.
    package func ranges(length: Int) -> [Range<Int>] {
        specifications.compactMap { specification in
            switch specification {
            case .suffix(let count):
                return count == 0 || length == 0 ? nil : max(0, length - count)..<length
            case .from(let first, let last):
                guard first < length else { return nil }
                return first..<(min(last ?? .max, length - 1) + 1)
            }
        }
    }
}
