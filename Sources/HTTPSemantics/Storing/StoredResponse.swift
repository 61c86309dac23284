package import HTTPTypes

/// What is kept of a response beside its body: head, policy, and which bytes of the representation the body is.
package struct StoredResponse: Hashable, Sendable {
    package var head: StoredHead
    package var policy: ResponsePolicy
    /// The stored bytes of a 206; `nil` for a whole representation.
    package var partial: PartialContent?
    /// The `Range` value that a 206 without ``partial`` answers, and no other; `nil` for all other responses.
    package var replayedRange: String?

    package init(
        head: StoredHead,
        policy: ResponsePolicy,
        partial: PartialContent? = nil,
        replayedRange: String? = nil
    ) {
        self.head = head
        self.policy = policy
        self.partial = partial
        self.replayedRange = replayedRange
    }

    /// Judges a response and takes what may be stored of it; ``ResponsePolicy/storability`` says whether it may.
    package init(
        request: HTTPRequest,
        response: HTTPResponse,
        requestMilliseconds: Int64,
        responseMilliseconds: Int64,
        settings: CachingSettings = CachingSettings()
    ) {
        policy = ResponsePolicy(
            request: request,
            response: response,
            requestMilliseconds: requestMilliseconds,
            responseMilliseconds: responseMilliseconds,
            settings: settings
        )
        head = StoredHead(response, responseMilliseconds: responseMilliseconds, settings: settings)
        partial = PartialContent(response: response)
        replayedRange = ReplayedRange.text(request: request, response: response)
    }

    /// The `Range` value that asks for just what is stored; `nil` for a whole representation.
    package var ownRange: String? {
        partial.map { "bytes=\($0.range.lowerBound)-\($0.range.upperBound - 1)" } ?? replayedRange
    }

    /// Which request fields select this response.
    package var varyRule: VaryRule { VaryRule(fields: head.fields) }
}
