import HTTPTypes
import NIOCore

/// The request body's way from the event loop to the handler's task: a bounded queue.
///
/// No I/O, no time, no lock.
struct InboundQueue: Sendable {
    /// What a reader gets.
    enum Answer: Sendable {
        /// A piece; `resumes` says that the event loop may read on.
        case piece(ByteBuffer, resumes: Bool)
        /// The body is complete.
        case end
        /// Nothing yet; `continues` says that `100 Continue` is to be sent now.
        case wait(continues: Bool)
    }

    private let limit: Int
    private var pieces = CircularBuffer<ByteBuffer>()
    private var bytes = 0
    private var isEnded: Bool
    private var isPaused = false
    private var failure: ExchangeError?
    private(set) var trailers: HTTPFields?
    /// Whether the client waits for `100 Continue` and has not been told, nor sent something unasked.
    private(set) var awaitsContinue: Bool

    init(limit: Int, isEnded: Bool, awaitsContinue: Bool) {
        self.limit = limit
        self.isEnded = isEnded
        self.awaitsContinue = awaitsContinue
    }

    /// Takes a piece from the socket; `false` when the socket is not to be read until the reader resumes it.
    mutating func push(_ piece: ByteBuffer) -> Bool {
        awaitsContinue = false
        pieces.append(piece)
        bytes += piece.readableBytes
        // Only the reader ends a pause: the event loop waits for its word, whatever comes meanwhile.
        if bytes >= limit { isPaused = true }
        return !isPaused
    }

    /// The body is complete.
    mutating func end(_ trailers: HTTPFields?) {
        isEnded = true
        self.trailers = trailers
    }

    /// The body will not be complete; the reader learns it after what has come.
    mutating func fail(_ error: ExchangeError) {
        if failure == nil, !isEnded { failure = error }
    }

    /// The client was told to go on.
    mutating func sawContinue() { awaitsContinue = false }

    /// Whether a reader has nothing to get but to wait.
    var isWaiting: Bool { pieces.isEmpty && !isEnded && failure == nil }

    /// The next piece for the reader.
    mutating func next() throws(ExchangeError) -> Answer {
        if let piece = pieces.popFirst() {
            bytes -= piece.readableBytes
            let resumes = isPaused && bytes <= limit / 2
            if resumes { isPaused = false }
            return .piece(piece, resumes: resumes)
        }
        if let failure { throw failure }
        if isEnded { return .end }
        defer { awaitsContinue = false }
        return .wait(continues: awaitsContinue)
    }
}
