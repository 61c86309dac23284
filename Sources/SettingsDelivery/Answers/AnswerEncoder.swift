import HTTPTypes
package import NIOCore

/// Chooses and applies the content coding of an answer.
package struct AnswerEncoder: Sendable {
    package init() {}

    /// A body as it is sent, and its coding; `nil` for none.
    package struct Encoded: Sendable {
        package let body: ByteBuffer
        package let coding: String?
    }

    func encode(_ body: ByteBuffer, for fields: HTTPFields) -> Encoded { Encoded(body: body, coding: nil) }
}
