/// Why an exchange with an upstream failed.
///
/// Before the response head, `UpstreamPool.exchange` throws it; after it, the body does. A body that threw is not
/// complete and must not be stored.
package enum UpstreamError: Error, Hashable, Sendable {
    case nameNotResolved
    case connectionRefused
    case connectTimedOut
    /// No connection for another reason; the `errno` if there is one.
    case connectFailed(errno: Int32?)
    /// The TLS handshake failed, or the certificate is not to be trusted.
    case tlsFailed
    /// No connection was free in time, or too many requests wait.
    case poolExhausted
    /// The connection ended before the response head did; `hasBegun` when part of it had come.
    case closedBeforeHead(hasBegun: Bool)
    case headTimedOut
    /// A response head, or trailer section, of too many bytes or fields.
    case headTooLarge
    case tooManyInformational
    /// The response is not HTTP/1.1 as RFC 9112 wants it. Folded lines, bare LF and blanks before a colon are refused.
    case malformed(MessageFault)
    /// `101 (Switching Protocols)`, for which nobody asks here.
    case switchedProtocols
    /// The upstream takes the request's body too slowly.
    case requestStalled
    /// The rest of the response's body does not come.
    case bodyStalled
    /// The connection ended before the response's body did.
    case truncated
    /// `UpstreamTimeouts.whole` is over.
    case timedOut
    /// The source of the request's body threw, or gave more or fewer bytes than declared.
    case requestBodyFailed
    case invalidRequest(RequestFlaw)
    /// The task that asked, or read the body, was cancelled, or the body was released.
    case cancelled
    case shutDown
}
