package import Originals
package import Rendering

/// What the origin's routes work with; wired by hand in the binary.
package struct OriginParts: Sendable {
    package var settings: OriginSettings
    package var access: AccessPolicy
    package var originals: OriginalStore
    package var fetcher: SourceFetcher
    package var pool: RenderPool
    package var metrics: OriginMetrics
    package var state: OriginState
    /// The wall clock, seconds since 1970.
    package var secondsSince1970: @Sendable () -> Int64
    /// Time since a fixed moment; never goes backwards.
    package var uptime: @Sendable () -> Duration

    package init(
        settings: OriginSettings,
        access: AccessPolicy,
        originals: OriginalStore,
        fetcher: SourceFetcher,
        pool: RenderPool,
        metrics: OriginMetrics,
        state: OriginState,
        secondsSince1970: @escaping @Sendable () -> Int64,
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.settings = settings
        self.access = access
        self.originals = originals
        self.fetcher = fetcher
        self.pool = pool
        self.metrics = metrics
        self.state = state
        self.secondsSince1970 = secondsSince1970
        self.uptime = uptime
    }
}
