package import DeliveryTypes

/// The table of contents of a release (`docs/formats/settings-manifest.md`).
package struct ReleaseManifest: Sendable, Equatable {
    /// A specialised metadata record and whom it is for.
    package struct Partition: Sendable, Equatable {
        package let key: PartitionKey
        package let record: RecordReference
    }

    /// How many there are of what, for pages and logs.
    package struct Counts: Sendable, Equatable {
        package let settings: Int
        package let rules: Int
        package let lines: Int
    }

    /// The rules: everything that must be evaluated.
    package let metadata: RecordReference
    /// The values, in the order of their lines.
    ///
    /// More than one for a big project, cut where the names of settings say,
    /// so that an edit changes one of them and leaves the others' names as they were.
    package let values: [RecordReference]
    package let partitions: [Partition]
    /// The document of someone to whom no rule applies: the dictionary of RFC 9842.
    package let dictionary: RecordReference
    /// Pieces compressed at publish time; `nil` when the publisher had no compressor.
    package let packedZstd: RecordReference?
    package let packedGzip: RecordReference?
    /// The authored text.
    package let source: RecordReference
    package let counts: Counts

    /// The manifest's own bytes and name.
    package let record: SettingsRecord
    package var digest: ContentDigest { record.digest }

    /// Every record the release needs or offers, without the manifest itself.
    ///
    /// For sweeps and for mirrors.
    package var references: [RecordReference] {
        [metadata] + values + partitions.map(\.record) + [dictionary] + [packedZstd, packedGzip].compactMap(\.self)
            + [source]
    }

    /// What a node needs before it can serve the release.
    package var essential: [RecordReference] { [metadata] + values }

    /// What a node attaches afterwards (`LoadedRelease.attach`); serving does not wait for it.
    package var attachable: [RecordReference] {
        partitions.map(\.record) + [packedZstd, packedGzip].compactMap(\.self)
    }
}
