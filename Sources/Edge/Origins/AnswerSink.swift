package import HTTPTypes
package import NIOCore

/// Takes an origin's answer as it arrives.
///
/// Called in this order by one task: `inform` any number of times, `begin` once, `write` any number of times, and
/// `end` once if and only if the answer is complete.
package protocol AnswerSink: Sendable {
    /// An interim response (1xx).
    func inform(_ response: HTTPResponse) async
    /// The final head, hop-by-hop fields included.
    func begin(_ head: HTTPResponse) async throws(EdgeFailure)
    /// A piece of the body; returns when the next one is wanted.
    func write(_ bytes: ByteBuffer) async throws(EdgeFailure)
    func end(trailers: HTTPFields?) async throws(EdgeFailure)
}
