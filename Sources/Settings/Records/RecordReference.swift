package import DeliveryTypes

/// The name of a record in a manifest: its digest, its length and what it is.
package struct RecordReference: Hashable, Sendable {
    package let kind: SettingsRecord.Kind
    package let digest: ContentDigest
    package let byteCount: Int

    package init(kind: SettingsRecord.Kind, digest: ContentDigest, byteCount: Int) {
        self.kind = kind
        self.digest = digest
        self.byteCount = byteCount
    }
}
