import HTTPTypes
import NIOCore

/// Writes response heads (RFC 9112 §4), with the fields that are the server's to say.
enum ResponseEncoder {
    /// Fields that describe the connection, not the response: the server writes its own.
    private static let dropped: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    ]

    /// Writes an informational response.
    static func writeInformational(_ response: HTTPResponse, to buffer: inout ByteBuffer) {
        writeStatusLine(response.status, to: &buffer)
        for field in response.headerFields where !dropped.contains(field.name.canonicalName) {
            buffer.writeField(field)
        }
        buffer.writeStaticString("\r\n")
    }

    /// Writes a final response's head; `date` is for a response that has none.
    static func writeHead(
        _ response: HTTPResponse,
        framing: ResponseFraming,
        persistence: Persistence,
        date: String,
        to buffer: inout ByteBuffer
    ) {
        writeStatusLine(response.status, to: &buffer)
        let hasNoContent = response.status == .noContent
        for field in response.headerFields {
            if dropped.contains(field.name.canonicalName) { continue }
            if hasNoContent, field.name == .contentLength { continue }
            buffer.writeField(field)
        }
        if response.headerFields[.date] == nil {
            buffer.writeStaticString("Date: ")
            buffer.writeString(date)
            buffer.writeStaticString("\r\n")
        }
        if framing == .chunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        switch persistence {
        case .implicit: break
        case .explicit: buffer.writeStaticString("Connection: keep-alive\r\n")
        case .close: buffer.writeStaticString("Connection: close\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    /// Writes the last chunk and the trailer section.
    static func writeLastChunk(_ trailers: HTTPFields?, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("0\r\n")
        for field in trailers ?? [:] where !field.name.isForbiddenInTrailers { buffer.writeField(field) }
        buffer.writeStaticString("\r\n")
    }

    private static func writeStatusLine(_ status: HTTPResponse.Status, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeDecimal(Int64(status.code))
        buffer.writeStaticString(" ")
        for byte in status.reasonPhrase.utf8 where Octet.isFieldValue(byte) { buffer.writeInteger(byte) }
        buffer.writeStaticString("\r\n")
    }
}
