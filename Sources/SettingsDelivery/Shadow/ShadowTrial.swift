package import HTTPTypes
package import NIOCore

/// A request that has been answered here, with its answer, for the second endpoint to answer again.
package struct ShadowTrial: Sendable {
    /// The request as it came: method, path and fields.
    package var request: HTTPRequest
    /// The request's body.
    package var body: ByteBuffer
    /// The status that was answered here.
    package var liveStatus: Int
    /// From the request's head to the whole answer being handed to the socket.
    package var liveLatency: Duration
    /// The document that was answered, before compression; `nil` where there was none, as in a 304.
    package var liveDocument: ByteBuffer?

    package init(
        request: HTTPRequest,
        body: ByteBuffer,
        liveStatus: Int,
        liveLatency: Duration,
        liveDocument: ByteBuffer?
    ) {
        self.request = request
        self.body = body
        self.liveStatus = liveStatus
        self.liveLatency = liveLatency
        self.liveDocument = liveDocument
    }

    /// Memory that it keeps, bytes.
    var byteCount: Int { body.readableBytes + (liveDocument?.readableBytes ?? 0) }
}
