package import DeliveryTypes
package import JSON

/// A release ready to be served: rules as flat tables, values as text that is copied and never parsed.
///
/// Made once per publish, shared by every request, never changed but for what is attached later: the partitions'
/// metadata and the packed pieces, which answers are the same without.
package final class LoadedRelease: Sendable {
    package let manifest: ReleaseManifest
    /// What deltas against this release need once it is no longer the current one.
    package let outline: ReleaseOutline
    /// The names of all settings, in authored order.
    package var names: [ExactString] { outline.names }
    package var digest: ContentDigest { manifest.digest }

    /// - Parameters:
    ///   - records: at least those of `needed(for:having:)`; others are ignored.
    ///   - previous: the release served until now: what did not change is shared with it.
    /// - Throws: `ReleaseError.missing`, `.damaged` or `.unknownFormat`.
    package init(
        manifest: ReleaseManifest,
        records: [SettingsRecord],
        reusing previous: LoadedRelease? = nil
    ) throws(ReleaseError)

    /// The records to fetch before a release can be loaded: what `previous` does not have already.
    package static func needed(for manifest: ReleaseManifest, having previous: LoadedRelease?) -> [RecordReference]

    /// Adds one of `manifest.attachable`. Records that are not this release's are ignored.
    package func attach(_ record: SettingsRecord) throws(ReleaseError)

    /// Builds the tables of the partitions that requests have asked for since the last call: some milliseconds each.
    package func prepareWantedPartitions()

    /// What this context gets: the partition's tables where they hold, else the general ones; the answer is the same.
    package func evaluate(_ context: EvaluationContext) -> Evaluated
}
