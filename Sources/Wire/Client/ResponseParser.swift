import HTTPTypes
import NIOCore

/// Turns the bytes of one exchange's responses, interim and final, into events (RFC 9112 §4, §6).
///
/// However the bytes are split, the same heads, body bytes and errors come. After an error, or when `keepsAlive` is
/// false at the end, the connection must not be used again. Stricter than it has to be: bare LF, folded lines and
/// blanks before a colon are errors. Laxer: the blank after a status code may be missing when no reason follows.
struct ResponseParser: Sendable {
    enum Event: Sendable {
        case informational(HTTPResponse)
        case head(HTTPResponse, BodyFraming)
        /// Never empty.
        case body(ByteBuffer)
        case end(HTTPFields?)
    }

    private enum State {
        case head
        case length(left: Int64)
        case chunked
        case untilClose
        case ended
    }

    private let isToHead: Bool
    private let limits: UpstreamLimits
    private var state = State.head
    private var scanner: HeadScanner
    private var chunks: ChunkedDecoder
    private var informationalCount = 0

    /// Whether, as far as the response says, another exchange may follow on its connection.
    private(set) var keepsAlive = true
    /// For how long the upstream says it keeps an idle connection, in seconds.
    private(set) var idleSeconds: Int64?

    /// - Parameters:
    ///   - isToHead: whether the request was HEAD.
    ///   - limits: of these, the bounds of heads and trailer sections.
    init(isToHead: Bool, limits: UpstreamLimits) {
        self.isToHead = isToHead
        self.limits = limits
        scanner = HeadScanner(
            limits: HeadScanner.Limits(
                headBytes: limits.headBytes,
                startLineBytes: limits.headBytes,
                fields: limits.headFields
            )
        )
        var chunkLimits = ChunkedDecoder.Limits()
        chunkLimits.trailers = HeadScanner.Limits(headBytes: limits.trailerBytes, fields: limits.trailerFields)
        chunks = ChunkedDecoder(limits: chunkLimits)
    }

    /// How many bytes of the body are still to come; `nil` when that is not known.
    var bodyBytesLeft: Int64? {
        switch state {
        case .length(let left): left
        case .ended: 0
        case .head, .chunked, .untilClose: nil
        }
    }

    /// Whether the body has no end but the connection's.
    var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// Takes the next event from the front of `buffer`.
    ///
    /// What is left has to be there again, with more behind it, at the next call.
    ///
    /// - Returns: `nil` when more bytes are needed, and after the end.
    mutating func next(_ buffer: inout ByteBuffer) throws(UpstreamError) -> Event? {
        switch state {
        case .head:
            return try head(&buffer)
        case .length(let left):
            if left == 0 {
                state = .ended
                return .end(nil)
            }
            let count = Int(min(left, Int64(buffer.readableBytes)))
            guard count > 0, let part = buffer.readSlice(length: count) else { return nil }
            state = .length(left: left - Int64(count))
            return .body(part)
        case .chunked:
            do throws(MessageFault) {
                switch try chunks.next(&buffer) {
                case .data(let part): return .body(part)
                case .end(let trailers):
                    state = .ended
                    return .end(trailers)
                case nil: return nil
                }
            } catch {
                throw UpstreamError(error)
            }
        case .untilClose:
            let count = buffer.readableBytes
            guard count > 0, let part = buffer.readSlice(length: count) else { return nil }
            return .body(part)
        case .ended:
            return nil
        }
    }

    /// The connection has ended in good order.
    ///
    /// - Parameter hasBegun: whether any byte has come.
    /// - Returns: the end, when the body ends so; `nil` when it has ended before.
    /// - Throws: `closedBeforeHead` or `truncated`.
    mutating func close(hasBegun: Bool) throws(UpstreamError) -> Event? {
        switch state {
        case .head: throw .closedBeforeHead(hasBegun: hasBegun)
        case .length, .chunked: throw .truncated
        case .untilClose:
            state = .ended
            return .end(nil)
        case .ended: return nil
        }
    }

    // MARK: The head

    private mutating func head(_ buffer: inout ByteBuffer) throws(UpstreamError) -> Event? {
        do throws(MessageFault) {
            let bytes = buffer.readableBytesUInt8Span
            // No empty line may stand before a response: it would be a remainder of another message.
            if bytes.count > 0, !Octet.isToken(bytes[0]) { throw .startLine }
            let isComplete = try scanner.scan(bytes)
            guard isComplete else { return nil }
        } catch {
            throw UpstreamError(error)
        }
        let parsed: ResponseHead
        do throws(MessageFault) {
            parsed = try ResponseHead(buffer.readableBytesUInt8Span, scanner, isToHead: isToHead)
        } catch {
            throw UpstreamError(error)
        }
        buffer.moveReaderIndex(forwardBy: scanner.length)
        scanner.reset()
        let status = parsed.response.status.code
        if status == 101 { throw .switchedProtocols }
        if status < 200 {
            informationalCount += 1
            guard informationalCount <= limits.informationalResponses else { throw .tooManyInformational }
            return .informational(parsed.response)
        }
        keepsAlive = parsed.keepsAlive
        idleSeconds = parsed.idleSeconds
        state =
            switch parsed.framing {
            case .length(let length): .length(left: length)
            case .chunked: .chunked
            case .untilClose: .untilClose
            }
        return .head(parsed.response, parsed.framing)
    }
}

extension UpstreamError {
    /// A fault of the message, as an upstream's failure.
    init(_ fault: MessageFault) {
        switch fault {
        case .headTooLarge, .tooManyFields, .targetTooLong: self = .headTooLarge
        default: self = .malformed(fault)
        }
    }
}
