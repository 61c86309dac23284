package import DeliveryTypes

/// A file of an export, as the manifest describes it.
package struct ExportPart: Hashable, Sendable {
    package var table: ExportTable
    /// Its name in the export's folder.
    package var file: String
    /// Lines after the header.
    package var rows: Int
    package var bytes: Int
    package var sha256: ContentDigest

    package init(table: ExportTable, file: String, rows: Int, bytes: Int, sha256: ContentDigest) {
        self.table = table
        self.file = file
        self.rows = rows
        self.bytes = bytes
        self.sha256 = sha256
    }
}
