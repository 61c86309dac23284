package import DeliveryTypes

/// One app as it is served now: a release with its number and keys.
///
/// Never changes; a newer one replaces it.
package final class LiveRelease<Release: ServableRelease>: Sendable {
    /// What is kept of replaced releases, at most.
    package static var earlierMax: Int { 4 }

    package let name: AppName
    /// The number in the app's pointer log.
    package let number: Int
    /// The manifest's digest.
    package let manifest: ContentDigest
    package let release: Release
    /// When the number was published: milliseconds since 1970 by the publisher's clock.
    package let publishedMilliseconds: Int64
    /// When this node began to serve the release: milliseconds since 1970 by its own clock.
    package let loadedMilliseconds: Int64
    /// Whether it was loaded from this node's disk without asking the source.
    package let isFromDisk: Bool
    /// Replaced releases, the last first, each once and never the current one.
    package let earlier: [(manifest: ContentDigest, outline: Release.Outline)]
    /// What the source has said.
    package let sourced: SourcedApp

    init(
        _ app: SourcedApp,
        release: Release,
        loadedMilliseconds: Int64,
        isFromDisk: Bool,
        replacing previous: LiveRelease?
    ) {
        name = app.name
        number = app.number
        manifest = app.manifest
        publishedMilliseconds = app.published
        sourced = app
        self.release = release
        self.loadedMilliseconds = loadedMilliseconds
        self.isFromDisk = isFromDisk
        var earlier = previous?.earlier ?? []
        if let previous { earlier.insert((previous.manifest, previous.release.outline), at: 0) }
        earlier.removeAll { $0.manifest == app.manifest }
        self.earlier = Array(earlier.prefix(Self.earlierMax))
    }

    /// The same release under another number or with other keys.
    init(_ app: SourcedApp, relabelling live: LiveRelease) {
        name = app.name
        number = app.number
        manifest = app.manifest
        publishedMilliseconds = app.published
        sourced = app
        release = live.release
        loadedMilliseconds = live.loadedMilliseconds
        isFromDisk = live.isFromDisk
        earlier = live.earlier
    }
}
