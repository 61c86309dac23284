package import HTTPTypes
package import NIOCore

/// Takes the chunked transfer coding off (RFC 9112 §7.1).
///
/// Give it the received bytes until it says `.end`; data come as slices, without a copy. Chunk extensions are checked
/// and dropped, trailer fields that must not be in a trailer section (RFC 9110 §6.5.1) are dropped too. How large the
/// whole body may be is for the caller to count.
package struct ChunkedDecoder: Sendable {
    /// What is accepted beside the data.
    package struct Limits: Sendable {
        /// One line with a chunk's size and its extensions.
        package var lineBytes = 1_024
        /// All chunk extensions of the message.
        package var extensionBytes = 16_384
        /// The trailer section.
        package var trailers = HeadScanner.Limits(headBytes: 8_192, fields: 32)

        package init() {}
    }

    /// What was decoded.
    package enum Event: Sendable, Equatable {
        /// Some bytes of the body, never none.
        case data(ByteBuffer)
        /// The body is complete; `nil` when there are no trailer fields.
        case end(HTTPFields?)
    }

    private enum State {
        case size
        case data(remaining: Int64)
        case dataEnd
        case trailers
        case ended
    }

    private let limits: Limits
    private var state = State.size
    private var searched = 0
    private var extensionBytes = 0
    private var scanner: HeadScanner

    package init(limits: Limits = Limits()) {
        self.limits = limits
        scanner = HeadScanner(limits: limits.trailers, isTrailer: true)
    }

    /// Whether `.end` was returned.
    package var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    /// Decodes the next piece.
    ///
    /// - Parameter buffer: what has been received; what was decoded is taken from its front. The caller appends to it
    ///   and leaves the rest alone. After `.end` it begins with the next message.
    /// - Returns: `nil` when more bytes are needed.
    /// - Throws: a fault of the coding; the connection can't be used any more then.
    package mutating func next(_ buffer: inout ByteBuffer) throws(MessageFault) -> Event? {
        while true {
            switch state {
            case .size:
                guard let line = try sizeLine(buffer.readableBytesUInt8Span) else { return nil }
                buffer.moveReaderIndex(forwardBy: line.length)
                state = line.size == 0 ? .trailers : .data(remaining: line.size)
            case .data(let remaining):
                let count = Int(min(remaining, Int64(buffer.readableBytes)))
                guard count > 0, let slice = buffer.readSlice(length: count) else { return nil }
                state = remaining > Int64(count) ? .data(remaining: remaining - Int64(count)) : .dataEnd
                return .data(slice)
            case .dataEnd:
                guard try hasEnd(buffer.readableBytesUInt8Span) else { return nil }
                buffer.moveReaderIndex(forwardBy: 2)
                state = .size
            case .trailers:
                guard try scanner.scan(buffer.readableBytesUInt8Span) else { return nil }
                let fields = trailerFields(buffer.readableBytesUInt8Span)
                buffer.moveReaderIndex(forwardBy: scanner.length)
                scanner.reset()
                state = .ended
                return .end(fields)
            case .ended:
                return nil
            }
        }
    }

    /// Reads the line before a chunk's data; `nil` when it is not complete.
    private mutating func sizeLine(_ bytes: Span<UInt8>) throws(MessageFault) -> (size: Int64, length: Int)? {
        guard let lineFeed = bytes.firstOffset(of: Octet.lineFeed, from: searched) else {
            searched = bytes.count
            if bytes.count > limits.lineBytes { throw .chunkExtension }
            return nil
        }
        guard lineFeed < limits.lineBytes else { throw .chunkExtension }
        guard lineFeed > 0, bytes[lineFeed - 1] == Octet.carriageReturn else { throw .lineEnd }
        searched = 0
        let line = 0..<(lineFeed - 1)
        var index = 0
        var size: Int64 = 0
        while index < line.upperBound, let digit = Octet.hexadecimalValue(bytes[index]) {
            guard index < 16, size <= Int64.max >> 4 else { throw .chunkSize }
            size = size << 4 | Int64(digit)
            index += 1
        }
        guard index > 0 else { throw .chunkSize }
        if index < line.upperBound { try countExtensions(bytes, index..<line.upperBound) }
        return (size, lineFeed + 1)
    }

    private mutating func countExtensions(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) {
        let text = bytes.trimmingBlanks(range)
        guard !text.isEmpty, bytes[text.lowerBound] == Octet.semicolon else { throw .chunkSize }
        guard bytes.isFieldValue(range) else { throw .chunkExtension }
        extensionBytes += range.count
        if extensionBytes > limits.extensionBytes { throw .chunkExtension }
    }

    /// Checks the CR LF behind a chunk's data; `false` when it is not complete.
    private func hasEnd(_ bytes: Span<UInt8>) throws(MessageFault) -> Bool {
        if bytes.count > 0, bytes[0] != Octet.carriageReturn { throw .chunkEnd }
        if bytes.count > 1, bytes[1] != Octet.lineFeed { throw .chunkEnd }
        return bytes.count > 1
    }

    private func trailerFields(_ bytes: Span<UInt8>) -> HTTPFields? {
        var fields = HTTPFields()
        for line in scanner.fields {
            guard let field = HTTPField(bytes, line: line), !field.name.isForbiddenInTrailers else { continue }
            fields.append(field)
        }
        return fields.isEmpty ? nil : fields
    }
}
