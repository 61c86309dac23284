package import DeliveryTypes

/// What a feed is doing, for pages and `/ready`.
package struct FeedStatus: Sendable {
    package struct App: Hashable, Sendable {
        package var name: AppName
        /// The number that is served; `nil` if none is.
        package var number: Int?
        /// The manifest that is served.
        package var manifest: ContentDigest?
        /// The number that the source says is in force.
        package var wantedNumber: Int
        /// Why the wanted release could not be loaded; `nil` if that has not failed.
        package var failure: String?
    }

    package var state: FeedState
    /// What the feed listens to; `nil` if to nothing.
    package var source: String?
    /// Why the source could not be watched the last time; `nil` while it can.
    package var sourceFailure: String?
    /// In the order of their names.
    package var apps: [App]
    package var figures: FeedFigures

    /// The apps whose newest release can't be loaded.
    package var failing: [App] { apps.filter { $0.failure != nil } }
}
