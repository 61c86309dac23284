import NIOCore

/// What a connection knows of the exchange that is under way; lives on the event loop.
final class OpenExchange {
    let link: ExchangeLink
    /// The handler's task, to be cancelled when the client goes.
    var task: Task<Void, Never>?
    var body: RequestBodyReader
    /// Body bytes that came, and those that were dropped because nobody wants them any more.
    var bodyBytes: Int64 = 0
    var drainedBytes: Int64 = 0
    /// Whether the handler's queue is full and the socket rests.
    var isPaused = false
    /// Whether the body's framing broke: nothing after it can be trusted.
    var isBodyBroken = false
    let isToHead: Bool
    /// Whether the connection may serve another request afterwards, from what is known so far.
    var persists: Bool
    var framing = ResponseFraming.none
    var hasWrittenHead = false
    /// An event stream: it ends with the client's interest, which a client shows by closing its side.
    var isEventStream = false
    var hasEnded = false
    /// Whether the handler has returned; then the rest of the body is dropped.
    var isOver = false

    init(link: ExchangeLink, head: RequestHead) {
        self.link = link
        body = RequestBodyReader(head.framing)
        isToHead = head.method == .head
        persists = head.keepsAlive
    }
}
