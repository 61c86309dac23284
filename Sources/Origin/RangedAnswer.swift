import HTTPSemantics
import HTTPTypes
import Hummingbird
import Rendering

/// Whole or partial answers from bytes of known length (RFC 9110 section 14).
enum RangedAnswer {
    static func response(_ request: Request, bytes: SharedBytes, tag: EntityTag?, fields: HTTPFields) -> Response {
        var fields = fields
        fields[.acceptRanges] = "bytes"
        if let tag { fields[.eTag] = tag.fieldValue }
        let isAllowed = tag.map { ConditionalRequest.allowsRange(fields: request.headers, tag: $0) } ?? false
        let wanted = request.method == .get && isAllowed ? request.headers[.range] : nil
        switch ByteRange(fieldValue: wanted, length: bytes.count) {
        case .unsatisfiable:
            fields[.contentRange] = "bytes */\(bytes.count)"
            fields[.contentType] = nil
            fields[.contentDisposition] = nil
            return Response(status: .rangeNotSatisfiable, headers: fields)
        case .part(let range):
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
            fields[.contentLength] = String(range.count)
            return Response(status: .partialContent, headers: fields, body: .streaming(bytes, range: range))
        case .whole:
            fields[.contentLength] = String(bytes.count)
            let body = request.method == .head ? ResponseBody() : .streaming(bytes, range: 0..<bytes.count)
            return Response(status: .ok, headers: fields, body: body)
        }
    }
}
