package import HTTPSemantics
package import HTTPTypes
package import NIOCore

/// An answer of one of the node's own routes: whole, or told piece by piece as things happen.
package struct OwnAnswer: Sendable {
    package enum Body: Sendable {
        case whole(ByteBuffer)
        /// Ends when the stream does, or the client goes; without Content-Length.
        case pieces(any AsyncSequence<ByteBuffer, Never> & Sendable)
    }

    package var head: HTTPResponse
    package var body: Body

    /// The body of a whole answer; `nil` of one that comes in pieces.
    package var whole: ByteBuffer? {
        if case .whole(let bytes) = body { bytes } else { nil }
    }

    package init(_ status: HTTPResponse.Status, mediaType: String = "application/json", _ text: String) {
        let bytes = ByteBuffer(string: text)
        let fields: HTTPFields = [
            .contentType: mediaType, .cacheControl: "no-store", .contentLength: String(bytes.readableBytes),
        ]
        head = HTTPResponse(status: status, headerFields: fields)
        body = .whole(bytes)
    }

    package init(_ problem: ProblemDocument) {
        self.init(
            head: HTTPResponse(status: problem.status, headerFields: problem.fields),
            body: ByteBuffer(string: problem.json)
        )
    }

    package init(head: HTTPResponse, body: ByteBuffer) {
        self.head = head
        self.body = .whole(body)
        // These have no body, whose length could be told (RFC 9110 §8.6).
        guard head.status != .noContent, head.status != .notModified else { return }
        self.head.headerFields[.contentLength] = String(body.readableBytes)
    }

    package init(head: HTTPResponse, pieces: any AsyncSequence<ByteBuffer, Never> & Sendable) {
        self.head = head
        body = .pieces(pieces)
    }
}
