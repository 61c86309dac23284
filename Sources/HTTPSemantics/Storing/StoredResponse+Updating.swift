package import HTTPTypes

extension StoredResponse {
    /// This response after a 304 to a conditional request for it (RFC 9111 section 4.3.4).
    ///
    /// `nil` if the 304 speaks of another response: the request is to be repeated without conditions. Check the new
    /// policy's storability: a 304 may say `no-store`, and the response is then served once and dropped.
    package func freshened(
        by notModified: HTTPResponse,
        request: HTTPRequest,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64,
        settings: CachingSettings = CachingSettings()
    ) -> StoredResponse? {
        guard head.isConfirmed(by: notModified) else { return nil }
        return updated(
            by: notModified,
            request: request,
            requestMilliseconds: requestMilliseconds,
            responseMilliseconds: responseMilliseconds,
            settings: settings
        )
    }

    /// What the response to a HEAD means for this response (RFC 9111 section 4.3.5).
    package func update(
        byHead response: HTTPResponse,
        request: HTTPRequest,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64,
        settings: CachingSettings = CachingSettings()
    ) -> HeadUpdate {
        guard response.status.code == 200, head.status.code == 200 else { return .none }
        for name in [HTTPField.Name.eTag, .lastModified] {
            if let new = response.headerFields[values: name].first, new != head.fields[values: name].first {
                return .invalidate
            }
        }
        if let new = response.headerFields[.contentLength], let own = head.fields[.contentLength], new != own {
            return .invalidate
        }
        return .update(
            updated(
                by: response,
                request: request,
                requestMilliseconds: requestMilliseconds,
                responseMilliseconds: responseMilliseconds,
                settings: settings
            )
        )
    }

    private func updated(
        by response: HTTPResponse,
        request: HTTPRequest,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64,
        settings: CachingSettings
    ) -> StoredResponse {
        let newHead = head.updated(by: response, responseMilliseconds: responseMilliseconds, settings: settings)
        var whole = HTTPResponse(status: head.status, headerFields: newHead.fields)
        whole.headerFields[fields: .age] = response.headerFields[fields: .age]
        var asked = request
        asked.method = .get
        asked.headerFields[.range] = ownRange
        let policy = ResponsePolicy(
            request: asked,
            response: whole,
            requestMilliseconds: requestMilliseconds,
            responseMilliseconds: responseMilliseconds,
            settings: settings
        )
        return StoredResponse(head: newHead, policy: policy, partial: partial, replayedRange: replayedRange)
    }
}
