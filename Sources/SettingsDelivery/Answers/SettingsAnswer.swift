package import HTTPTypes
package import NIOCore

/// One whole answer of a settings surface: a head, and a body that is there at once or comes event by event.
package struct SettingsAnswer: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// All of it; empty for a 304 and after HEAD.
        case bytes(ByteBuffer)
        /// Server-sent events (WHATWG HTML §9.2): send each piece as it comes, end the response when it ends.
        ///
        /// Dropping the stream's iterator, or cancelling the task that reads it, ends the subscription.
        case events(EventStream)
    }

    package var head: HTTPResponse
    package var body: Body

    package init(head: HTTPResponse, body: Body) {
        self.head = head
        self.body = body
    }
}
