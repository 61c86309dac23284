package import Settings

/// The feed of a node: `ReleaseFeed` with the releases that nodes serve.
package typealias SettingsFeed = ReleaseFeed<LoadedRelease>

/// One app as it is served now.
package typealias LiveApp = LiveRelease<LoadedRelease>

extension ReleaseFeed where Release == LoadedRelease {
    /// The releases being served, of all apps.
    package var releases: [LoadedRelease] { apps.map(\.release) }
}
