import HTTPTypes
import NIOCore

/// What a handler says, in the order in which it goes out.
enum ExchangePiece: Sendable {
    case informational(HTTPResponse)
    case head(HTTPResponse)
    case data(ByteBuffer)
    case end(HTTPFields?)
}
