import HTTPTypes

/// Which 206 can only be repeated: several parts, an unknown length, or a `Content-Range` that its content contradicts.
///
/// No bytes are taken out of such a response; it answers requests with the same `Range` text, as its origin did. Its
/// framing must have told its length, or it might be a truncated one.
enum ReplayedRange {
    /// The longest `Range` value that is kept, in bytes.
    static let bytesMax = 256

    /// The `Range` value the response answers; `nil` if the response is not to be kept for it.
    static func text(request: HTTPRequest, response: HTTPResponse) -> String? {
        guard response.status.code == 206, PartialContent(response: response) == nil,
            let text = asked(by: request), text.utf8.count <= bytesMax, text.utf8.allSatisfy({ $0 < 0x80 }),
            let length = response.headerFields[.contentLength], DeltaSeconds.parse(length) != nil
        else { return nil }
        return text
    }

    /// The one `Range` of a GET, without `If-Range`.
    static func asked(by request: HTTPRequest) -> String? {
        let lines = request.headerFields[values: .range]
        return request.method == .get && lines.count == 1 && !request.headerFields.contains(.ifRange) ? lines[0] : nil
    }
}
