import HTTPTypes
import NIOCore

/// What the event loop has to write for an exchange, checked and decided.
enum OutboundPiece: Sendable {
    case informational(HTTPResponse)
    case head(HTTPResponse, ResponseFraming)
    case data(ByteBuffer)
    case end(HTTPFields?)
    /// The response cannot be completed: cut the connection.
    case abort
    /// The handler returned without a response.
    case internalError
    /// The handler returned; the last piece.
    case returned
}
