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
    /// Whether it has every row there is and changes none: where a database that has nothing yet may begin.
    package var isBaseline = false
    /// SHA-256 of the manifest's bytes.
    package var digest: ContentDigest
    /// The path of its folder.
    package var folder: String

    /// Rows of all parts.
    package var rows: Int { parts.reduce(0) { $0 + $1.rows } }

    /// What a database needs of it that took exports up to `last`, 0 for none; `nil` if others come first.
    func needed(after last: Int64) -> UsageExport? {
        if last == 0, isBaseline { return self }
        guard number == last + 1 else { return nil }
        guard isBaseline else { return self }
        var noted = self
        noted.parts = []
        return noted
    }
}
