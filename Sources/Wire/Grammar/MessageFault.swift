/// What is wrong with a received HTTP/1.1 message, as RFC 9112 sees it.
///
/// A message with a fault is never used in part: the server refuses it and closes, the client drops the connection.
package enum MessageFault: Error, Sendable, Equatable, CaseIterable {
    /// The request line or status line has not the form of RFC 9112 §3 or §4.
    case startLine
    /// The request target has none of the four forms of RFC 9112 §3.2, or a byte that no URI has.
    case target
    /// The version is not HTTP/1.0 or HTTP/1.1.
    case version
    /// A line does not end in CR LF, or CR stands elsewhere (RFC 9112 §2.2).
    case lineEnd
    /// A field name is empty, no token, or followed by white space (RFC 9112 §5.1).
    case fieldName
    /// A field value has a control character or NUL (RFC 9110 §5.5).
    case fieldValue
    /// A field goes on in the next line, which is obsolete (RFC 9112 §5.2).
    case foldedLine
    /// Host is missing, there twice, or not a host (RFC 9112 §3.2).
    case host
    /// Content-Length is no number, too large, or there with several values (RFC 9110 §8.6).
    case contentLength
    /// Transfer-Encoding is malformed, not allowed here, or does not end in `chunked` (RFC 9112 §6.1).
    case transferEncoding
    /// Transfer-Encoding names a coding that is not known here (RFC 9112 §6.1).
    case unknownCoding
    /// Both Content-Length and Transfer-Encoding: an attempt to smuggle (RFC 9112 §6.3).
    case ambiguousFraming
    /// The request target is longer than the limit.
    case targetTooLong
    /// The head, or the trailer section, has more bytes than the limit.
    case headTooLarge
    /// The head, or the trailer section, has more field lines than the limit.
    case tooManyFields
    /// A chunk's size is no hexadecimal number, or too large (RFC 9112 §7.1).
    case chunkSize
    /// Chunk extensions are malformed or larger than the limit (RFC 9112 §7.1.1).
    case chunkExtension
    /// A chunk's data is not followed by CR LF.
    case chunkEnd

    /// A few words for a log line or the body of a refusal; static, so nothing of the message leaks.
    package var text: String {
        switch self {
        case .startLine: "malformed start line"
        case .target: "malformed request target"
        case .version: "HTTP version not supported"
        case .lineEnd: "a line does not end in CR LF"
        case .fieldName: "malformed field name"
        case .fieldValue: "malformed field value"
        case .foldedLine: "folded field line"
        case .host: "Host missing, repeated or malformed"
        case .contentLength: "malformed Content-Length"
        case .transferEncoding: "malformed Transfer-Encoding"
        case .unknownCoding: "transfer coding not supported"
        case .ambiguousFraming: "both Content-Length and Transfer-Encoding"
        case .targetTooLong: "request target too long"
        case .headTooLarge: "head too large"
        case .tooManyFields: "too many fields"
        case .chunkSize: "malformed chunk size"
        case .chunkExtension: "malformed or oversized chunk extension"
        case .chunkEnd: "chunk without an end"
        }
    }
}
