import HTTPTypes
import NIOCore

/// The response's way from the handler's task to the event loop: a bounded queue.
///
/// No I/O, no time, no lock.
struct OutboundQueue: Sendable {
    /// What the sender has to do after an offer.
    struct Offer: Sendable {
        /// Tell the event loop that there is something.
        var schedules = false
        /// Wait for room before it goes on.
        var waits = false
    }

    private(set) var progress: ResponseProgress
    private let limit: Int
    private var pieces: [OutboundPiece] = []
    private var queuedBytes = 0
    private var unsentBytes = 0
    private var isScheduled = false
    private(set) var failure: ExchangeError?

    init(progress: ResponseProgress, limit: Int) {
        self.progress = progress
        self.limit = limit
    }

    /// Whether a sender may go on.
    var hasRoom: Bool { queuedBytes + unsentBytes <= limit }

    /// Takes what the handler says.
    mutating func offer(_ piece: ExchangePiece) throws(ExchangeError) -> Offer {
        if let failure { throw failure }
        switch piece {
        case .informational(let response):
            guard try progress.inform(response) else { return Offer() }
            return add(.informational(response))
        case .head(let response):
            return add(.head(response, try progress.begin(response)))
        case .data(let bytes):
            try progress.data(bytes.readableBytes)
            guard bytes.readableBytes > 0 else { return Offer() }
            queuedBytes += bytes.readableBytes
            return add(.data(bytes))
        case .end(let trailers):
            return add(try progress.end() ? .end(trailers) : .abort)
        }
    }

    /// Takes the handler's return.
    mutating func leave() -> Offer {
        switch progress.leave() {
        case .nothing: break
        case .internalError: pieces.append(.internalError)
        case .end: pieces.append(.end(nil))
        case .abort: pieces.append(.abort)
        }
        return add(.returned)
    }

    /// Hands everything to the event loop.
    mutating func take() -> [OutboundPiece] {
        isScheduled = false
        unsentBytes += queuedBytes
        queuedBytes = 0
        defer { pieces.removeAll() }
        return pieces
    }

    /// The client has taken what was handed over.
    mutating func makeRoom() { unsentBytes = 0 }

    /// The connection is gone.
    mutating func fail(_ error: ExchangeError) {
        if failure == nil { failure = error }
    }

    private mutating func add(_ piece: OutboundPiece) -> Offer {
        pieces.append(piece)
        defer { isScheduled = true }
        return Offer(schedules: !isScheduled, waits: !hasRoom)
    }
}
