/// A batch that was applied and removed from the queue.
package struct UnloadedBatch: Hashable, Sendable {
    /// The export it came with.
    package var export: Int64
    /// Its place in the export, from 0.
    package var position: Int
    /// Rows of the batch.
    package var rows: Int
    /// Rows that were not older than what stood there, and so were written.
    package var rowsWritten: Int

    package init(export: Int64, position: Int, rows: Int, rowsWritten: Int) {
        self.export = export
        self.position = position
        self.rows = rows
        self.rowsWritten = rowsWritten
    }
}
