/// Finds the lines of a message head, or of a trailer section, in bytes that come bit by bit.
///
/// Every line is looked at once: a scan goes on where the last one stopped, however the bytes are split. All offsets
/// count from the first byte given, so the caller keeps the bytes in one piece until the head is complete. Field lines
/// are checked here; what the start line says is for the caller. The storage is used again after `reset()`.
package struct HeadScanner: Sendable {
    /// What is accepted.
    package struct Limits: Sendable {
        /// All bytes up to and with the empty line.
        package var headBytes: Int
        /// The start line without CR LF.
        package var startLineBytes: Int
        /// Field lines.
        package var fields: Int

        package init(headBytes: Int = 32_768, startLineBytes: Int = 8_192, fields: Int = 100) {
            precondition(headBytes <= 1 << 30)
            self.headBytes = headBytes
            self.startLineBytes = startLineBytes
            self.fields = fields
        }
    }

    package let limits: Limits
    /// The start line without CR LF; empty until it is there, and in a trailer section.
    package private(set) var startLine = 0..<0
    /// The field lines in their order.
    package private(set) var fields: [FieldLine] = []
    /// Once the scan is complete: how many bytes the head takes with its empty line.
    package private(set) var length = 0
    /// Whether the start line has been found (in a trailer section: from the beginning).
    package private(set) var hasStartLine: Bool
    private let isTrailer: Bool
    private var lineStart = 0
    private var searched = 0
    private var hasSkippedLine = false

    /// A scanner for heads; for trailer sections, which have no start line, if `isTrailer`.
    package init(limits: Limits = Limits(), isTrailer: Bool = false) {
        self.limits = limits
        self.isTrailer = isTrailer
        hasStartLine = isTrailer
    }

    /// Begins with another head; keeps the storage.
    package mutating func reset() {
        startLine = 0..<0
        fields.removeAll(keepingCapacity: true)
        length = 0
        hasStartLine = isTrailer
        lineStart = 0
        searched = 0
        hasSkippedLine = false
    }

    /// Whether nothing of a head has come: no bytes, or an empty line before it.
    package var isAtBeginning: Bool { !hasStartLine && searched == lineStart }

    /// Looks at the bytes that are new since the last scan; says whether the head is complete.
    ///
    /// `bytes` are all from the head's first byte on, with what follows it. Throws the first fault; the scanner is of
    /// no use then until `reset()`. When it is complete, `length` says where it ends.
    package mutating func scan(_ bytes: Span<UInt8>) throws(MessageFault) -> Bool {
        while true {
            guard let lineFeed = bytes.firstOffset(of: Octet.lineFeed, from: searched) else {
                searched = bytes.count
                try checkUnfinished(count: bytes.count)
                return false
            }
            guard lineFeed > lineStart, bytes[lineFeed - 1] == Octet.carriageReturn else { throw .lineEnd }
            let line = lineStart..<(lineFeed - 1)
            guard lineFeed < limits.headBytes else { throw hasStartLine ? .headTooLarge : .targetTooLong }
            lineStart = lineFeed + 1
            searched = lineStart
            if !hasStartLine {
                try beginning(line)
            } else if line.isEmpty {
                length = lineStart
                return true
            } else {
                guard fields.count < limits.fields else { throw .tooManyFields }
                fields.append(try FieldLine(bytes, line: line))
            }
        }
    }

    /// Takes the start line, after at most one empty line (RFC 9112 §2.2).
    private mutating func beginning(_ line: Range<Int>) throws(MessageFault) {
        if line.isEmpty {
            guard !hasSkippedLine else { throw .startLine }
            hasSkippedLine = true
            return
        }
        guard line.count <= limits.startLineBytes else { throw .targetTooLong }
        startLine = line
        hasStartLine = true
    }

    private func checkUnfinished(count: Int) throws(MessageFault) {
        if !hasStartLine, count - lineStart > limits.startLineBytes + 1 { throw .targetTooLong }
        if count >= limits.headBytes { throw hasStartLine ? .headTooLarge : .targetTooLong }
    }
}
