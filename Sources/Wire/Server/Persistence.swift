/// What a response has to say of its connection's future (RFC 9112 §9.3).
package enum Persistence: Sendable {
    /// HTTP/1.1: it stays open, and no field says so.
    case implicit
    /// HTTP/1.0 with keep-alive: it stays open, and the response says `Connection: keep-alive`.
    case explicit
    /// It ends after the response, which says `Connection: close`.
    case close
}
