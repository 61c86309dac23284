package import Wire

/// Why the edge cannot answer as asked.
package enum EdgeFailure: Error, Hashable, Sendable {
    /// The upstream failed in a way that it is to blame for, or could not be reached.
    case upstream(UpstreamError)
    /// Too many requests wait for the upstream.
    case overloaded(retryAfterSeconds: Int)
    /// One client, or tenant, asks too often.
    case tooManyRequests(retryAfterSeconds: Int)
    /// The same request has come through this node before (RFC 8586).
    case loop
    /// `only-if-cached` and nothing fit is stored (RFC 9111 §5.2.1.7).
    case notCached
    /// No upstream is configured and no route of this node fits.
    case notFound
    /// The other requests for this resource took longer than this one may wait.
    case timedOut
    /// The viewer went away, or nobody reads a body any more.
    case abandoned
    /// The node's own files cannot be used.
    case storage(String)
    /// The origin in this process failed in the middle of an answer.
    case originFailed
    /// The node is stopping.
    case shuttingDown
    case unauthorized
    case badRequest(String)
}
