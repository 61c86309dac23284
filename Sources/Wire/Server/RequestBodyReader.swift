import HTTPTypes
import NIOCore

/// Takes one request's body out of the received bytes, as its framing says.
struct RequestBodyReader {
    private enum State {
        case length(remaining: Int64)
        case chunked(ChunkedDecoder)
    }

    private var state: State
    /// Whether all of the body was taken.
    private(set) var isComplete = false

    init(_ framing: BodyFraming) {
        switch framing {
        case .length(let length): state = .length(remaining: length)
        case .chunked, .untilClose: state = .chunked(ChunkedDecoder())
        }
    }

    /// The bytes that have to come, if that is known.
    var remaining: Int64? {
        if isComplete { return 0 }
        if case .length(let remaining) = state { return remaining }
        return nil
    }

    /// The next piece; `nil` when more bytes are needed, or the body was complete before.
    mutating func next(_ buffer: inout ByteBuffer) throws(MessageFault) -> ChunkedDecoder.Event? {
        if isComplete { return nil }
        switch state {
        case .length(let remaining):
            if remaining == 0 {
                isComplete = true
                return .end(nil)
            }
            let count = Int(min(remaining, Int64(buffer.readableBytes)))
            guard count > 0, let slice = buffer.readSlice(length: count) else { return nil }
            state = .length(remaining: remaining - Int64(count))
            return .data(slice)
        case .chunked(var decoder):
            let event = try decoder.next(&buffer)
            state = .chunked(decoder)
            if case .end = event { isComplete = true }
            return event
        }
    }
}
