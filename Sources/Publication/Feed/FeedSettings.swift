/// How a feed behaves.
package struct FeedSettings: Sendable {
    /// Between two attempts to watch the source.
    package var reconnect = Backoff(first: .milliseconds(100), longest: .seconds(5))
    /// Between two attempts to load a release.
    package var retry = Backoff(first: .milliseconds(200), longest: .seconds(30))
    /// Between two calls of each release's `prepare`.
    package var prepareInterval: Duration = .milliseconds(500)
    /// Releases that are loaded at once.
    package var loadsMax = 4
    /// Changes that may wait for one reader of `changes()`; the oldest go first.
    package var changesMax = 4_096

    package init() {}
}
