package import DeliveryTypes

/// What a publish stores: the records of one compiled features document, and the manifest that names them.
///
/// Store `records` first, in any order; the manifest is the last of them. The pointer log then names the manifest's
/// digest. Equal input gives equal bytes and so equal names.
package struct Release: Sendable {
    package let manifest: ReleaseManifest
    /// Every record, each digest once, the manifest last.
    package let records: [SettingsRecord]
    /// What the author should know, although the document can be published.
    package let warnings: [AuthoringIssue]

    /// The release's identity: its manifest's digest.
    package var digest: ContentDigest { manifest.digest }
}
