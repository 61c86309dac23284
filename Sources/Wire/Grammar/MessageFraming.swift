/// Where a message's body ends: the rules of RFC 9112 §6, on what Content-Length and Transfer-Encoding say.
///
/// Give it the values of all such fields in their order, then ask. Strict where peers could disagree, since every
/// disagreement is a way to smuggle a request.
package struct MessageFraming: Sendable {
    private var contentLength: Int64?
    private var hasTransferEncoding = false
    private var hasUnknownCoding = false
    private var endsInChunked = false

    package init() {}

    /// Forgets all values.
    package mutating func reset() { self = MessageFraming() }

    /// Whether neither field was there.
    package var isSilent: Bool { contentLength == nil && !hasTransferEncoding }

    /// Takes the value of one Content-Length field: decimal digits; a list of equal numbers counts as one.
    ///
    /// - Throws: `.contentLength` for anything else: signs, blanks between digits, overflow, a different number.
    package mutating func addContentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(MessageFault) {
        var start = value.lowerBound
        while true {
            var end = start
            while end < value.upperBound, bytes[end] != Octet.comma { end += 1 }
            let number = try Self.decimal(bytes, bytes.trimmingBlanks(start..<end))
            if let contentLength, contentLength != number { throw .contentLength }
            contentLength = number
            if end >= value.upperBound { return }
            start = end + 1
        }
    }

    /// Takes the value of one Transfer-Encoding field.
    ///
    /// - Throws: `.transferEncoding` when it is no list of codings, or `chunked` is not the last one.
    package mutating func addTransferEncoding(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(MessageFault) {
        hasTransferEncoding = true
        var position = value.lowerBound
        var isEmpty = true
        while let element = bytes.nextListElement(from: &position, to: value.upperBound) {
            isEmpty = false
            if endsInChunked { throw .transferEncoding }
            if bytes.matches("chunked", in: element) {
                endsInChunked = true
            } else {
                guard Octet.isToken(bytes[element.lowerBound]) else { throw .transferEncoding }
                hasUnknownCoding = true
            }
        }
        if isEmpty { throw .transferEncoding }
    }

    /// How a request's body ends; `isVersion11` says whether the message is HTTP/1.1.
    ///
    /// Throws `.ambiguousFraming`, `.unknownCoding`, or `.transferEncoding` (in HTTP/1.0, or `chunked` is not last).
    package func ofRequest(isVersion11: Bool) throws(MessageFault) -> BodyFraming {
        if hasTransferEncoding {
            try checkCodings(isVersion11: isVersion11)
            return .chunked
        }
        return .length(contentLength ?? 0)
    }

    /// How a response's body ends; throws as `ofRequest`.
    ///
    /// 1xx, 204 and 304 never have a body, nor have responses to HEAD (`isToHead`), and 2xx to CONNECT.
    package func ofResponse(
        status: Int,
        isToHead: Bool,
        isToConnect: Bool = false,
        isVersion11: Bool
    ) throws(MessageFault) -> BodyFraming {
        if hasTransferEncoding { try checkCodings(isVersion11: isVersion11) }
        if isToHead || status < 200 || status == 204 || status == 304 { return .length(0) }
        if isToConnect, status < 300 { return .length(0) }
        if hasTransferEncoding { return .chunked }
        return contentLength.map { .length($0) } ?? .untilClose
    }

    /// The Content-Length that was given; of a HEAD or 304 response, where it says nothing about the framing.
    package var statedLength: Int64? { contentLength }

    private func checkCodings(isVersion11: Bool) throws(MessageFault) {
        if contentLength != nil { throw .ambiguousFraming }
        guard isVersion11, endsInChunked else { throw .transferEncoding }
        if hasUnknownCoding { throw .unknownCoding }
    }

    private static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(MessageFault) -> Int64 {
        guard !range.isEmpty, range.count <= 19 else { throw .contentLength }
        var number: Int64 = 0
        for index in range {
            guard Octet.isDigit(bytes[index]) else { throw .contentLength }
            let (product, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int64(bytes[index] &- 0x30))
            guard !overflows, !overflowsToo else { throw .contentLength }
            number = sum
        }
        return number
    }
}
