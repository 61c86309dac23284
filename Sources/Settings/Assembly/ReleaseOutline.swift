package import DeliveryTypes
package import JSON

/// What is kept of a release that is no longer served: names, and a 64-bit digest per line.
///
/// Some 100 bytes per setting and 8 per line.
package final class ReleaseOutline: Sendable {
    /// The manifest's digest.
    package let digest: ContentDigest
    /// In authored order.
    package let names: [ExactString]

    /// - Parameter metadata: the general metadata record of the release.
    /// - Throws: `ReleaseError.damaged` or `.unknownFormat`.
    package init(manifest: ReleaseManifest, metadata: SettingsRecord) throws(ReleaseError)
}
