package import HTTPTypes

extension RangePlan {
    /// The head of the answer; `nil` for ``notCovered``.
    ///
    /// `bodyLength` is as in the initialiser; `boundary` separates the parts of a multipart answer: 1 to 70 letters
    /// and digits that do not occur in the content (random ones will do). `Content-Length` is set, except for a 204.
    package func response(
        from stored: StoredResponse,
        bodyLength: Int,
        ageSeconds: Int64,
        boundary: String
    ) -> HTTPResponse? {
        let complete = stored.partial?.completeLength ?? bodyLength
        var response = stored.head.response(ageSeconds: ageSeconds)
        // A 204 has no content and must not say how long it is (RFC 9110 section 8.6).
        response.headerFields[.contentLength] = response.status.code == 204 ? nil : String(bodyLength)
        switch self {
        case .notCovered: return nil
        case .whole:
            if stored.partial != nil {
                response.status = .ok
                response.headerFields[.contentRange] = nil
            }
        case .part(let range):
            response.status = .partialContent
            let part = PartialContent(range: range, completeLength: complete)
            response.headerFields[.contentRange] = part.fieldValue
            response.headerFields[.contentLength] = String(range.count)
        case .parts(let ranges):
            let type = stored.head.fields[.contentType]
            let body = MultipartByteRanges(ranges, completeLength: complete, contentType: type, boundary: boundary)
            response.status = .partialContent
            response.headerFields[.contentRange] = nil
            response.headerFields[.contentType] = body.contentType
            response.headerFields[.contentLength] = String(body.byteCount)
        case .unsatisfiable:
            response.status = .rangeNotSatisfiable
            response.headerFields[.contentRange] = "bytes */\(complete)"
            response.headerFields[.contentLength] = "0"
            for name in [HTTPField.Name.contentType, .contentEncoding, .contentLanguage] {
                response.headerFields[name] = nil
            }
        }
        return response
    }
}
