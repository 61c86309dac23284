package import ObjectStorage

/// Which sources there are, and how much they may cost.
package struct SourceConfiguration: Sendable {
    package var allowed: SourceAllowList
    package var remote: RemoteConfiguration
    /// The folder that `local:///` names; `nil` refuses local sources.
    package var localRoot: String?
    /// The stores behind `s3://bucket/…`, by bucket.
    package var buckets: [String: any ObjectStore]
    package var limits: FetchLimits
    /// Fetches at the same time; a further one is refused.
    package var fetchesMax: Int
    /// Waiting for one equal fetch; a further one is refused.
    package var followersMax: Int

    package init(
        allowed: SourceAllowList = .nothing,
        remote: RemoteConfiguration = RemoteConfiguration(),
        localRoot: String? = nil,
        buckets: [String: any ObjectStore] = [:],
        limits: FetchLimits = FetchLimits(),
        fetchesMax: Int = 64,
        followersMax: Int = 1024
    ) {
        precondition(fetchesMax > 0 && followersMax >= 0)
        self.allowed = allowed
        self.remote = remote
        self.localRoot = localRoot
        self.buckets = buckets
        self.limits = limits
        self.fetchesMax = fetchesMax
        self.followersMax = followersMax
    }
}
