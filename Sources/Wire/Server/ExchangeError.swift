/// Why an exchange cannot go on.
package enum ExchangeError: Error, Sendable, Equatable {
    /// The client has gone, or the server had to close; nobody sees a response any more.
    case closed
    /// The task was cancelled.
    case cancelled
    /// The client closed its side before the request body was complete.
    case truncated
    /// The request body is larger than `ServerLimits.bodyBytes`: answer 413.
    case bodyTooLarge
    /// The request body came too slowly: answer 408.
    case bodyTimeout
    /// The request body's framing is broken: answer 400.
    case malformed(MessageFault)
    /// The handler's own mistake: a second response, a body before the head, or more than Content-Length.
    case misuse(String)
}
