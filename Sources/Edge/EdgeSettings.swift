package import HTTPSemantics

/// What an operator decides about the edge.
package struct EdgeSettings: Sendable {
    /// How this node names itself in `Via`, `CDN-Loop` and `Cache-Status`.
    package var identity: CacheIdentity
    /// Stands for the host of HTTP/1.0 requests without one.
    package var defaultAuthority = "localhost"
    package var caching = CachingSettings()
    /// A larger answer, in bytes, is passed on and not stored.
    package var storedBytesMax = 64 * 1_024 * 1_024
    /// How old a fetch may be before a further viewer begins another one.
    package var leaderAge: Duration = .seconds(5)
    /// How long a viewer waits for the head of an answer that others fetch.
    package var patience: Duration = .seconds(30)
    /// Viewers that may wait for one answer.
    package var followersMax = 10_000
    /// How long requests for a resource go upstream by themselves after an answer that could not be shared.
    package var passMilliseconds: Int64 = 10_000
    /// Bytes of the largest body of a failing answer that those who wait share.
    package var sharedErrorBytesMax = 256 * 1_024

    package init(identity: CacheIdentity) { self.identity = identity }
}
