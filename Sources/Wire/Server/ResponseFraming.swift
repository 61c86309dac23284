/// How a response's body is delimited, as the server chose it (RFC 9112 §6).
enum ResponseFraming: Sendable, Equatable {
    /// There is no body, whatever the fields say: HEAD, 204, 304.
    case none
    /// So many bytes, as Content-Length says.
    case length(Int64)
    /// Chunked.
    case chunked
    /// Until the connection closes: HTTP/1.0 without a length.
    case untilClose
}
