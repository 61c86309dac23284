import HTTPTypes
import NIOCore

/// What has arrived of one response and has not been taken yet: the pure part of `ResponseMailbox`.
///
/// Small body parts are joined by copying, so that the memory held is within a small factor of the bytes counted.
struct ResponseQueue {
    enum Event: Sendable {
        case informational(HTTPResponse)
        case head(HTTPResponse, BodyFraming)
        case body(ByteBuffer)
        case end
        case failure(UpstreamError)
    }

    /// Parts are joined up to this size, in bytes.
    private static let joinedBytes = 16 * 1_024

    private let unreadBytesMax: Int
    private var events = CircularBuffer<Event>()
    private(set) var unreadBytes = 0
    /// Whether the source has been told to wait.
    private(set) var isPaused = false
    /// `end` or `failure`, once known; it follows `events`.
    private(set) var last: Event?

    init(unreadBytesMax: Int) { self.unreadBytesMax = unreadBytesMax }

    /// Whether everything has been taken but the last event.
    var isEmpty: Bool { events.isEmpty }

    /// Adds a head or a part; what comes after the last event is dropped.
    ///
    /// - Returns: Whether the source should wait from now on.
    mutating func offer(_ event: Event) -> Bool {
        guard last == nil else { return false }
        switch event {
        case .end, .failure:
            last = event
            return false
        case .body(let part):
            unreadBytes += part.readableBytes
            if !joined(part) { events.append(event) }
        case .informational, .head:
            events.append(event)
        }
        guard unreadBytes >= unreadBytesMax, !isPaused else { return false }
        isPaused = true
        return true
    }

    /// The oldest event, `nil` if there is none yet; the last one again and again.
    ///
    /// `resumes` says that the source may go on.
    mutating func take() -> (event: Event?, resumes: Bool) {
        guard let event = events.popFirst() else { return (last, false) }
        if case .body(let part) = event { unreadBytes -= part.readableBytes }
        guard isPaused, unreadBytes <= unreadBytesMax / 2 else { return (event, false) }
        isPaused = false
        return (event, true)
    }

    /// Drops everything; from now on there is only `failure`.
    mutating func drop(_ failure: UpstreamError) {
        events.removeAll()
        unreadBytes = 0
        isPaused = false
        last = .failure(failure)
    }

    private mutating func joined(_ part: ByteBuffer) -> Bool {
        guard case .body(var previous)? = events.last, previous.readableBytes + part.readableBytes <= Self.joinedBytes
        else { return false }
        // Take the stored buffer out, so that it is the only reference and grows in place.
        events[events.index(before: events.endIndex)] = .end
        if previous.writerIndex + part.readableBytes > previous.capacity || previous.readerIndex > 0 {
            var wider = ByteBufferAllocator().buffer(capacity: Self.joinedBytes)
            wider.writeImmutableBuffer(previous)
            previous = wider
        }
        previous.writeImmutableBuffer(part)
        events[events.index(before: events.endIndex)] = .body(previous)
        return true
    }
}
