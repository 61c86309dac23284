/// What a features file was compiled to: the records that make it up, and what is doubtful about it.
package struct CompiledRelease: Sendable {
    /// Name and bytes; the names are unique.
    package var records: [(name: String, bytes: [UInt8])]
    /// Warnings only.
    package var warnings: [PublicationIssue]

    package init(records: [(name: String, bytes: [UInt8])], warnings: [PublicationIssue]) {
        self.records = records
        self.warnings = warnings
    }
}
