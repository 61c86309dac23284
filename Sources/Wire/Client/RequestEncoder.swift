import HTTPTypes
import NIOCore

/// Writes a request's head as bytes (RFC 9112 §3), with the framing of its body.
///
/// A line can't be broken from within: target and authority are checked for bytes that could end it, `HTTPField` and
/// `HTTPRequest.Method` have none, and `writeField` looks once more.
enum RequestEncoder {
    struct Encoded {
        let head: ByteBuffer
        /// Whether the body waits for `100 (Continue)`.
        let expectsContinue: Bool
        /// Whether the request says that its connection ends with it.
        let isLast: Bool
    }

    static func encode(
        _ request: HTTPRequest,
        body: UpstreamRequestBody?,
        target: UpstreamTarget
    ) throws(UpstreamError) -> Encoded {
        guard request.method != .connect else { throw .invalidRequest(.method) }
        var head = ByteBufferAllocator().buffer(capacity: 1_024)
        try writeLines(request, target: target, to: &head)
        var expectsContinue = false
        var isLast = false
        for field in request.headerFields {
            switch field.name {
            case .contentLength, .transferEncoding, hostName: continue
            case .expect:
                if field.value.lowercased() == "100-continue" {
                    // Without a body there is nothing to continue with (RFC 9110 §10.1.1).
                    guard body != nil else { continue }
                    expectsContinue = true
                }
            case .connection:
                isLast = isLast || field.value.lowercased().split(separator: ",").contains { $0.isClose }
            default: break
            }
            head.writeField(field)
        }
        switch body?.content {
        case .bytes(let bytes): head.writeString("Content-Length: \(bytes.readableBytes)\r\n")
        case .stream(let length?, _): head.writeString("Content-Length: \(length)\r\n")
        case .stream(nil, _): head.writeString("Transfer-Encoding: chunked\r\n")
        case nil: if request.method.anticipatesContent { head.writeString("Content-Length: 0\r\n") }
        }
        head.writeString("\r\n")
        return Encoded(head: head, expectsContinue: expectsContinue, isLast: isLast)
    }

    private static let hostName = HTTPField.Name("Host")

    private static func writeLines(
        _ request: HTTPRequest,
        target: UpstreamTarget,
        to head: inout ByteBuffer
    ) throws(UpstreamError) {
        let path = request.path ?? "/"
        let isWhole = path == "*" && request.method == .options
        guard isWhole || path.utf8.first == UInt8(ascii: "/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest(.target)
        }
        let authority = request.authority ?? target.authority
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .invalidRequest(.authority)
        }
        head.writeString(request.method.rawValue)
        head.writeString(" ")
        head.writeString(path)
        head.writeString(" HTTP/1.1\r\nHost: ")
        head.writeString(authority)
        head.writeString("\r\n")
    }
}

extension Substring {
    fileprivate var isClose: Bool { trimmingPrefix { $0 == " " || $0 == "\t" }.prefix(while: { $0 != " " }) == "close" }
}
