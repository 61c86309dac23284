package import HTTPSemantics
package import HTTPTypes
package import NIOCore

/// A small whole answer of one of the node's own routes.
package struct OwnAnswer: Sendable {
    package var head: HTTPResponse
    package var body: ByteBuffer

    package init(_ status: HTTPResponse.Status, mediaType: String = "application/json", _ text: String) {
        body = ByteBuffer(string: text)
        head = HTTPResponse(
            status: status,
            headerFields: [
                .contentType: mediaType, .cacheControl: "no-store", .contentLength: String(body.readableBytes),
            ]
        )
    }

    package init(_ problem: ProblemDocument) {
        self.init(
            head: HTTPResponse(status: problem.status, headerFields: problem.fields),
            body: ByteBuffer(string: problem.json)
        )
    }

    package init(head: HTTPResponse, body: ByteBuffer) {
        self.head = head
        self.body = body
        self.head.headerFields[.contentLength] = String(body.readableBytes)
    }
}
