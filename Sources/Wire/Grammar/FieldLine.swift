/// Where the name and the value of one field line stand (RFC 9112 §5), as offsets into the received bytes.
package struct FieldLine: Sendable, Equatable {
    private let nameStart: UInt32
    private let nameEnd: UInt32
    private let valueStart: UInt32
    private let valueEnd: UInt32

    /// The name, as it was written.
    package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

    /// The value without the blanks around it; may be empty.
    package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

    /// Checks one line, given without its CR LF, and finds its parts.
    ///
    /// - Throws: `.foldedLine`, `.fieldName`, `.fieldValue`, or `.lineEnd` when a CR stands inside.
    @inline(__always)
    package init(_ bytes: Span<UInt8>, line: Range<Int>) throws(MessageFault) {
        var index = line.lowerBound
        if index < line.upperBound, Octet.isBlank(bytes[index]) { throw .foldedLine }
        while index < line.upperBound, Octet.isToken(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == Octet.colon else { throw .fieldName }
        let value = bytes.trimmingBlanks((index + 1)..<line.upperBound)
        guard bytes.isFieldValue(value) else {
            let hasReturn = bytes.firstOffset(of: Octet.carriageReturn, from: value.lowerBound)
            throw hasReturn.map { $0 < value.upperBound } == true ? .lineEnd : .fieldValue
        }
        nameStart = UInt32(truncatingIfNeeded: line.lowerBound)
        nameEnd = UInt32(truncatingIfNeeded: index)
        valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
        valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
    }
}
