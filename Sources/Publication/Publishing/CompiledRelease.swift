package import DeliveryTypes

/// What a features file was compiled to: the records that make it up, and what is doubtful about it.
package struct CompiledRelease: Sendable {
    /// Bytes to be stored under their SHA-256.
    package struct Record: Sendable {
        package var digest: ContentDigest
        package var bytes: [UInt8]

        package init(digest: ContentDigest, bytes: [UInt8]) {
            self.digest = digest
            self.bytes = bytes
        }

        /// A record whose hash is not known yet.
        package init(_ bytes: [UInt8]) {
            self.init(digest: ContentDigest(of: bytes), bytes: bytes)
        }
    }

    /// The record that names all others, and is one itself.
    package var manifest: ContentDigest
    /// Every record, each digest once, the manifest last.
    package var records: [Record]
    /// Warnings only.
    package var warnings: [PublicationIssue]

    package init(manifest: ContentDigest, records: [Record], warnings: [PublicationIssue]) {
        self.manifest = manifest
        self.records = records
        self.warnings = warnings
    }
}
