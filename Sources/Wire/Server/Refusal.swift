import NIOCore

/// Why a request, or a connection, is refused without a handler, and what the client is told.
package enum Refusal: Int, CaseIterable, Sendable {
    case badRequest
    case headTimeout
    case bodyTooLarge
    case targetTooLong
    case headTooLarge
    case notImplemented
    case versionNotSupported
    case internalError
    case tooManyConnections
    case tooManyConnectionsOfClient

    /// The refusal for a fault in a request.
    init(_ fault: MessageFault) {
        switch fault {
        case .targetTooLong: self = .targetTooLong
        case .headTooLarge, .tooManyFields: self = .headTooLarge
        case .unknownCoding: self = .notImplemented
        case .version: self = .versionNotSupported
        default: self = .badRequest
        }
    }

    /// The status code.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .headTimeout: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge: 431
        case .notImplemented: 501
        case .versionNotSupported: 505
        case .internalError: 500
        case .tooManyConnections, .tooManyConnectionsOfClient: 503
        }
    }

    /// The reason phrase, also the problem document's title.
    var title: StaticString {
        switch self {
        case .badRequest: "Bad Request"
        case .headTimeout: "Request Timeout"
        case .bodyTooLarge: "Content Too Large"
        case .targetTooLong: "URI Too Long"
        case .headTooLarge: "Request Header Fields Too Large"
        case .notImplemented: "Not Implemented"
        case .versionNotSupported: "HTTP Version Not Supported"
        case .internalError: "Internal Server Error"
        case .tooManyConnections, .tooManyConnectionsOfClient: "Service Unavailable"
        }
    }

    /// Writes the whole response: a problem document (RFC 9457) and `Connection: close`.
    ///
    /// `detail` is static text, so nothing of the request comes back. After HEAD the body is left out.
    func write(to buffer: inout ByteBuffer, detail: String, date: String, isToHead: Bool) {
        let body = """
            {"type":"about:blank","title":"\(title)","status":\(status),"detail":"\(detail)"}
            """
        buffer.writeString("HTTP/1.1 \(status) \(title)\r\nDate: \(date)\r\n")
        buffer.writeString("Content-Type: application/problem+json\r\nContent-Length: \(body.utf8.count)\r\n")
        if status == 503 { buffer.writeStaticString("Retry-After: 5\r\n") }
        buffer.writeStaticString("Cache-Control: no-store\r\nConnection: close\r\n\r\n")
        if !isToHead { buffer.writeString(body) }
    }
}
