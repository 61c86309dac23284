/// How a message's body ends (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Equatable {
    /// After so many bytes; 0 when there is no body.
    case length(Int64)
    /// With the last chunk and the trailer section.
    case chunked
    /// With the connection; only responses.
    case untilClose
}
