package import HTTPTypes

/// One answered request, for the access log and the page.
package struct Visit: Sendable {
    package var request: HTTPRequest
    package var address: String
    package var outcome: Outcome
    /// 0 when no head was sent.
    package var status: Int
    /// Of the body.
    package var bytes: Int
    package var microseconds: Int
    package var cacheStatus: String
    /// The cache's name for the resource, where there is one.
    package var name: String?
}
