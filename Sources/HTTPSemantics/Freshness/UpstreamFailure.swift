/// What went wrong upstream, as far as it decides whether a stale response may be served.
package enum UpstreamFailure: Hashable, Sendable {
    /// No response: refused, closed, timed out or not HTTP.
    case unreachable
    /// A response with a status of 500, 502, 503 or 504 (RFC 5861 section 4).
    case serverError

    /// `nil` for statuses that are answers.
    package init?(statusCode: Int) {
        guard [500, 502, 503, 504].contains(statusCode) else { return nil }
        self = .serverError
    }
}
