/// What became of a publish or a roll-back.
package struct PublishOutcome: Sendable {
    /// The new entry; of a dry run, what it would be.
    package var entry: PublishedEntry
    package var isDryRun: Bool
    /// The app's keys if it got its first ones just now; they are told this once.
    package var newKeys: [FreshKey]
    package var warnings: [PublicationIssue]
    /// Against the number before; `nil` if that one's features file cannot be read any more.
    package var diff: SettingsDiff?

    /// Whether this is the app's first number.
    package var isFirst: Bool { entry.number == 1 }
}
