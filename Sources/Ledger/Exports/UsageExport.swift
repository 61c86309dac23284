package import DeliveryTypes

/// One export of the warehouse, by its manifest; its parts are not yet looked at.
///
/// The format is in docs/formats/usage-export.md.
package struct UsageExport: Hashable, Sendable {
    /// From 1.
    package var number: Int64
    /// The warehouse's run that wrote it.
    package var run: Int64
    package var parts: [ExportPart]
    /// SHA-256 of the manifest's bytes.
    package var digest: ContentDigest
    /// The path of its folder.
    package var folder: String

    /// Rows of all parts.
    package var rows: Int { parts.reduce(0) { $0 + $1.rows } }
}
